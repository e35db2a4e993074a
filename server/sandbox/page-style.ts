/** The hosted page's style sheet: self-contained, light and dark, no fonts or images from anywhere. */
export const PAGE_STYLE = `
:root { --ink: #16202e; --soft: #55647a; --line: #d5dce6; --page: #f3f5f9; --card: #ffffff; --brand: #1f5fbf; --on-brand: #ffffff; --warn: #8a5a00; --warn-bg: #fff4dc; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8edf4; --soft: #a3b0c2; --line: #344154; --page: #10161f; --card: #1a2330; --brand: #7fb0ff; --on-brand: #0c1830; --warn: #f3cd83; --warn-bg: #362a10; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 30rem; margin: 1.5rem auto; padding: 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
@media (max-width: 34rem) { main { margin: 0; border: 0; border-radius: 0; min-height: 100vh; } }
h1 { font-size: 1.1rem; margin: 0.75rem 0 0; font-weight: 600; }
.badge { display: inline-block; margin: 0; padding: 0.1rem 0.6rem; border-radius: 99px; background: var(--warn-bg); color: var(--warn); font-size: 0.8rem; }
.amount { margin: 0; font-size: 2.1rem; font-weight: 650; font-variant-numeric: tabular-nums; }
dl { margin: 0.5rem 0 1rem; font-size: 0.9rem; }
dl div { display: flex; gap: 0.75rem; }
dt { color: var(--soft); min-width: 5rem; }
dd { margin: 0; overflow-wrap: anywhere; }
fieldset { border: 0; margin: 0 0 1rem; padding: 0; }
legend { font-weight: 600; padding: 0; margin-bottom: 0.5rem; }
.method { border: 1px solid var(--line); border-radius: 8px; margin-bottom: 0.5rem; }
.pick { display: flex; align-items: center; gap: 0.6rem; padding: 0.65rem 0.8rem; cursor: pointer; }
.pick input { accent-color: var(--brand); width: 1.1rem; height: 1.1rem; }
.detail { display: grid; gap: 0.5rem; padding: 0 0.8rem 0.8rem; }
@supports selector(:has(*)) { .method:not(:has(input:checked)) .detail { display: none; } .method:has(input:checked) { border-color: var(--brand); } }
.field { display: grid; gap: 0.2rem; margin-bottom: 0.75rem; }
.detail .field { margin: 0; }
.field span { font-size: 0.85rem; color: var(--soft); }
input:not([type=radio]), select { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 0.5rem 0.6rem; min-height: 2.75rem; width: 100%; }
.outcomes { display: grid; grid-template-columns: 1fr 1fr; gap: 0.5rem; }
.outcomes legend { grid-column: 1 / -1; }
button, .button { font: inherit; text-align: left; color: var(--ink); background: transparent; border: 1px solid var(--line); border-radius: 8px; padding: 0.6rem 0.8rem; min-height: 2.75rem; cursor: pointer; }
button strong, button small { display: block; }
button small { color: var(--soft); }
button.primary { grid-column: 1 / -1; background: var(--brand); border-color: var(--brand); color: var(--on-brand); }
button.primary small { color: inherit; }
.button { display: inline-block; text-decoration: none; color: var(--brand); }
button:hover, .button:hover { border-color: var(--brand); }
:focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; }
.note { border: 1px solid var(--line); border-radius: 8px; padding: 0.6rem 0.8rem; }
`
