/** The hosted page's style sheet: self-contained, light and dark, no fonts or images from anywhere. */
export const HOSTED_STYLE = `
:root { --ink: #16202e; --soft: #55647a; --line: #d5dce6; --page: #eef2f7; --card: #ffffff; --side: #f7f9fc; --brand: #1f5fbf; --press: #194e9e; --on-brand: #ffffff; --tint: #eef4fd; --warn: #7a4f00; --warn-bg: #fff1d2; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8edf4; --soft: #a3b0c2; --line: #344154; --page: #10161f; --card: #1a2330; --side: #161e2a; --brand: #7fb0ff; --press: #a3c6ff; --on-brand: #0c1830; --tint: #1d2c44; --warn: #f3cd83; --warn-bg: #362a10; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { display: grid; max-width: 56rem; margin: 2rem auto; background: var(--card); border: 1px solid var(--line); border-radius: 14px; overflow: hidden; box-shadow: 0 1px 2px rgb(16 24 40 / 6%), 0 8px 24px rgb(16 24 40 / 6%); }
header { padding: 1.5rem; background: var(--side); border-bottom: 1px solid var(--line); }
.pay { margin: 0; padding: 1.5rem; }
.pay > :first-child { margin-top: 0; }
@media (min-width: 52rem) {
  body:not(.framed) main { grid-template-columns: 17rem minmax(0, 1fr); }
  body:not(.framed) header { border-bottom: 0; border-right: 1px solid var(--line); }
}
@media (max-width: 34rem) {
  main { margin: 0; border: 0; border-radius: 0; box-shadow: none; }
  body:not(.framed) { background: var(--card); }
  header, .pay { padding: 1rem; }
}
.framed main { max-width: none; margin: 0; border: 0; border-radius: 0; box-shadow: none; }
.badge { display: inline-block; margin: 0 0 1rem; padding: 0.1rem 0.6rem; border-radius: 99px; background: var(--warn-bg); color: var(--warn); font-size: 0.8rem; font-weight: 550; }
.order { display: grid; grid-template-columns: auto minmax(0, 1fr); align-content: start; align-items: center; column-gap: 0.7rem; }
.order .badge, .order dl { grid-column: 1 / -1; justify-self: start; }
.order .amount { grid-column: 1 / -1; margin-top: 0.9rem; }
.brand { margin: 0; }
.brand span { display: grid; place-items: center; width: 2.6rem; height: 2.6rem; border-radius: 10px; background: var(--brand); color: var(--on-brand); font-size: 1.2rem; font-weight: 650; }
h1 { margin: 0; font-size: 1rem; line-height: 1.2rem; font-weight: 600; }
h2 { margin: 1.5rem 0 0.25rem; padding-top: 1.1rem; border-top: 1px solid var(--line); font-size: 0.95rem; font-weight: 600; }
.amount { margin: 0; font-size: 1.75rem; line-height: 2.1rem; letter-spacing: -0.02em; font-weight: 650; font-variant-numeric: tabular-nums; }
dl { margin: 0; padding-top: 0.9rem; font-size: 0.87rem; }
dl div { display: grid; grid-template-columns: 5rem minmax(0, 1fr); padding: 0.15rem 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
fieldset { border: 0; margin: 0 0 1rem; padding: 0; min-width: 0; }
legend { font-weight: 600; padding: 0; margin-bottom: 0.5rem; }
.method { border: 1px solid var(--line); border-bottom-width: 0; }
.method:first-of-type { border-radius: 10px 10px 0 0; }
.method:last-of-type { border-radius: 0 0 10px 10px; border-bottom-width: 1px; }
.pick { display: flex; align-items: center; gap: 0.65rem; min-height: 2.75rem; padding: 0.4rem 0.8rem; cursor: pointer; }
.pick input { accent-color: var(--brand); width: 1.1rem; height: 1.1rem; margin: 0; }
.pick svg { width: 1.25rem; height: 1.25rem; fill: none; stroke: var(--soft); stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
.detail { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 0.5rem; padding: 0 0.8rem 0.8rem 2.55rem; }
@supports selector(:has(*)) { .method:not(:has(input:checked)) .detail { display: none; } .method:has(input:checked) { background: var(--tint); } .method:has(input:checked) svg { stroke: var(--brand); } }
.field { display: grid; gap: 0.2rem; margin-bottom: 1rem; }
.detail .field { margin: 0; }
.field span { font-size: 0.83rem; color: var(--soft); }
input:not([type=radio]), select { font: inherit; font-size: 1rem; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 0.4rem 0.6rem; min-height: 2.75rem; width: 100%; }
.outcomes { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: 0.5rem; margin: 0.75rem 0 0; }
.outcomes legend { color: var(--soft); font-size: 0.83rem; margin-bottom: 0.35rem; }
button, .button { font: inherit; text-align: left; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 0.5rem 0.8rem; min-height: 2.75rem; cursor: pointer; }
button strong, button small { display: block; }
button strong { font-weight: 550; }
button small { color: var(--soft); font-size: 0.8rem; line-height: 1.2; }
button.primary { width: 100%; text-align: center; padding: 0.7rem; background: var(--brand); border-color: var(--brand); color: var(--on-brand); }
button.primary strong { font-size: 1.05rem; font-weight: 600; }
button.primary small { color: inherit; }
button.primary:hover { background: var(--press); border-color: var(--press); }
.button { display: inline-block; text-decoration: none; color: var(--brand); }
button:hover, .button:hover { border-color: var(--brand); }
:focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; }
.note { border: 1px solid var(--line); border-radius: 8px; padding: 0.6rem 0.8rem; }
`
