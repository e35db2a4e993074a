import { z } from 'zod'
import { TAGS_PER_ORDER } from '../../domain/order-tag.ts'
import { addTags, removeTag, type TagsAdded } from '../../services/orders/tag-orders.ts'
import { procedure, router } from '../init.ts'
import { id, selection, word } from '../inputs.ts'

export type OrderTagView = { tag: string; addedBy: { id: string; name: string }; addedAt: Date }

export const tagsRouter = router({
  list: procedure('order:read')
    .input(z.strictObject({ orderId: id }))
    .query(({ ctx, input }): Promise<OrderTagView[]> =>
      ctx.deps.store.orderTags.byOrder(ctx.signedIn.accountId, input.orderId),
    ),

  /** The account's tags for a field that offers them, with how many orders have each, counted a short way. */
  known: procedure('order:read').query(({ ctx }): Promise<{ tag: string; count: number }[]> =>
    ctx.deps.store.orderTags.known(ctx.signedIn.accountId),
  ),

  add: procedure('order:note')
    .input(z.strictObject({ orderIds: selection, tags: z.array(word).min(1).max(TAGS_PER_ORDER) }))
    .mutation(({ ctx, input }): Promise<TagsAdded> => addTags(ctx.deps, ctx.signedIn, input)),

  remove: procedure('order:note')
    .input(z.strictObject({ orderIds: selection, tag: word }))
    .mutation(({ ctx, input }): Promise<{ orderIds: string[] }> => removeTag(ctx.deps, ctx.signedIn, input)),
})
