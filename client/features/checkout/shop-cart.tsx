import IconMinus from '@tabler/icons-react/dist/esm/icons/IconMinus.mjs'
import IconPlus from '@tabler/icons-react/dist/esm/icons/IconPlus.mjs'
import { ActionButton } from '../../ui/action-button.tsx'
import { FieldRow, TextField } from '../../ui/fields.tsx'
import { Money } from '../../ui/money.tsx'
import { DELIVERY_MINOR, linesOf, PIECES_MAX, totalOf, withPieces, type Buyer, type Cart } from './cart.ts'
import css from './checkout.module.css'

type ShopCartProps = { cart: Cart; currency: string; locked: string | null; onChange: (cart: Cart) => void }

/** What is being bought. `locked` is the reason why it cannot change now. */
export function ShopCart({ cart, currency, locked, onChange }: ShopCartProps) {
  return (
    <table className={css['cart']}>
      <caption className="visually-hidden">Your cart</caption>
      <thead>
        <tr>
          <th scope="col">Item</th>
          <th scope="col">Pieces</th>
          <th scope="col" className={css['sum']}>
            Price
          </th>
        </tr>
      </thead>
      <tbody>
        {linesOf(cart).map(({ item, pieces, totalMinor }) => (
          <tr key={item.id} data-empty={pieces === 0 || undefined}>
            <th scope="row">
              {item.name}
              <span className="caption">
                {item.detail}, <Money value={{ minor: item.priceMinor, currency }} /> each
              </span>
            </th>
            <td>
              <span className={css['pieces']}>
                <ActionButton
                  iconOnly
                  label={`One less ${item.name}`}
                  icon={<IconMinus size={16} stroke={1.75} aria-hidden />}
                  disabledReason={locked ?? (pieces === 0 ? 'There is none in the cart.' : null)}
                  onPress={() => onChange(withPieces(cart, item.id, pieces - 1))}
                >
                  Less
                </ActionButton>
                <span
                  className="num"
                  aria-live="polite"
                  aria-label={`${pieces} of ${item.name}`}
                  role="status"
                >
                  {pieces}
                </span>
                <ActionButton
                  iconOnly
                  label={`One more ${item.name}`}
                  icon={<IconPlus size={16} stroke={1.75} aria-hidden />}
                  disabledReason={
                    locked ?? (pieces === PIECES_MAX ? `${PIECES_MAX} is the most of one item.` : null)
                  }
                  onPress={() => onChange(withPieces(cart, item.id, pieces + 1))}
                >
                  More
                </ActionButton>
              </span>
            </td>
            <td className={css['sum']}>
              <Money value={{ minor: totalMinor, currency }} />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        {totalOf(cart) === 0n ? null : (
          <tr>
            <th scope="row" colSpan={2}>
              Delivery
            </th>
            <td className={css['sum']}>
              <Money value={{ minor: DELIVERY_MINOR, currency }} />
            </td>
          </tr>
        )}
        <tr className={css['total']}>
          <th scope="row" colSpan={2}>
            To pay
          </th>
          <td className={css['sum']}>
            <Money value={{ minor: totalOf(cart), currency }} strong />
          </td>
        </tr>
      </tfoot>
    </table>
  )
}

type BuyerFieldsProps = {
  buyer: Buyer
  problems: Readonly<Record<keyof Buyer, string | null>>
  onChange: (buyer: Buyer) => void
}

/** Who buys. Made-up details are filled in; nothing is sent to them. */
export function BuyerFields({ buyer, problems, onChange }: BuyerFieldsProps) {
  return (
    <div className={css['buyer']}>
      <TextField
        label="Name"
        value={buyer.name}
        error={problems.name}
        maxLength={100}
        onChange={(name) => onChange({ ...buyer, name })}
      />
      <FieldRow>
        <TextField
          label="Email"
          type="email"
          value={buyer.email}
          error={problems.email}
          maxLength={254}
          onChange={(email) => onChange({ ...buyer, email })}
        />
        <TextField
          label="Phone"
          inputMode="numeric"
          prefix="+91"
          value={buyer.phone}
          error={problems.phone}
          maxLength={10}
          onChange={(phone) => onChange({ ...buyer, phone })}
        />
      </FieldRow>
    </div>
  )
}
