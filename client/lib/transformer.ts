import SuperJSON, { type SuperJSONResult } from 'superjson'
import { PACKED_ROWS, packedRowsReader } from '../../server/domain/packed-rows.ts'

const json = new SuperJSON()
json.registerCustom(packedRowsReader, PACKED_ROWS)

/**
 * How the dashboard writes inputs and reads answers; the server's own reads only inputs. Answers are read where they are:
 * nobody else has them, and a copy of each costs as much as reading it.
 */
export const clientTransformer = {
  serialize: (input: unknown): SuperJSONResult => json.serialize(input),
  deserialize: (answer: SuperJSONResult): unknown => json.deserialize(answer, { inPlace: true }),
}
