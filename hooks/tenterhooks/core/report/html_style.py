"""The style sheet of the page: light, dark, narrow, and on paper."""

STYLE = """
:root {
  color-scheme: light dark;
  --paper: #fdfcfa; --sheet: #f4f1ea; --ink: #23221e; --quiet: #5c594f; --line: #d8d3c6;
  --link: #1d4f7c; --bad: #98231c; --open: #7a4a00; --good: #1e6338;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #17181a; --sheet: #212326; --ink: #e8e5de; --quiet: #aaa79e; --line: #3c3e42;
    --link: #92c0ee; --bad: #f4a19a; --open: #e5b969; --good: #8fd3a5;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 2.5rem 1.25rem 3rem; max-width: 60rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere;
}
h1, h2, h3, h4 { line-height: 1.25; margin: 0; text-wrap: balance; }
h1, h2 {
  font-family: Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, serif;
  font-weight: 600;
}
h1 { font-size: 2.25rem; }
h2 { font-size: 1.5rem; margin-bottom: .75rem; }
h3 { font-size: 1.25rem; }
h4 { font-size: 1rem; }
p { margin: .35rem 0; max-width: 70ch; }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: .15em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
main:focus { outline: none; }
code { font: .9em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  direction: ltr; unicode-bidi: isolate; }
ul { margin: .35rem 0; padding-left: 1.25rem; }
.quiet, .count, dt, caption { color: var(--quiet); }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1.25rem; top: .5rem; padding: .5rem .75rem; background: var(--paper); }
.facts { display: flex; flex-wrap: wrap; gap: .25rem 2rem; margin: .75rem 0 0; }
.facts dt { font-size: .875rem; }
.facts dd { margin: 0; }
main > section, main > .verdict { margin-top: 2.5rem; }
.verdict { padding: 1.25rem 1.5rem; background: var(--sheet); border-left: .375rem solid; }
.verdict h2 { margin-bottom: .25rem; }
.verdict p:last-child { margin-bottom: 0; }
.verdict p, .verdict h2 { color: var(--ink); }
.broken { color: var(--bad); }
.partly, .unseen { color: var(--open); }
.nothing { color: var(--quiet); }
.holds, .mended, .accepted { color: var(--good); }
table { width: 100%; border-collapse: collapse; }
caption { text-align: left; padding-bottom: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .75rem 1rem .75rem 0; font-weight: 400; }
th:last-child, td:last-child { padding-right: 0; }
tr { border-bottom: 1px solid var(--line); }
thead th { font-size: .875rem; color: var(--quiet); padding-block: .375rem; }
tbody th { font-weight: 600; width: 55%; }
tbody th span { font-weight: 400; }
td span, th span { display: block; }
.practice { margin-top: 2.5rem; }
.practice > h3 { padding-bottom: .5rem; border-bottom: 2px solid var(--line); }
.rule { margin-top: 1.5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 + .rule { margin-top: 0; border-top: 0; }
.count { font-weight: 400; font-size: .875rem; margin-left: .25rem; }
.messages { list-style: none; padding: 0; }
.messages > li { margin-top: 1.25rem; }
.rule > h4 + .messages > li:first-child { margin-top: .5rem; }
.fix { padding-left: .75rem; border-left: 2px solid var(--line); }
.places { font-size: .9375rem; list-style: none; padding: 0; color: var(--quiet); }
.places code { color: var(--ink); }
.files { columns: 22rem; list-style: none; padding: 0; }
details { margin: .5rem 0; }
summary { cursor: pointer; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line);
  font-size: .875rem; color: var(--quiet); }
@media (max-width: 40rem) {
  body { padding: 1.5rem 1rem 2rem; }
  h1 { font-size: 1.75rem; }
  h2 { font-size: 1.25rem; }
  .verdict { padding: 1rem; }
  thead { position: absolute; left: -100vw; }
  table, caption, tbody, tr, tbody th, td { display: block; width: auto; }
  td .state { display: block; margin-top: .375rem; }
  tr { padding: .75rem 0; }
  th, td { padding: 0; }
  td:last-child::before { content: "Looked at: "; }
}
@media print {
  :root {
    color-scheme: light;
    --paper: #fff; --sheet: #fff; --ink: #000; --quiet: #444; --line: #bbb;
    --link: #000; --bad: #7d1410; --open: #5e3900; --good: #124a27;
  }
  @page { margin: 18mm 16mm; }
  html { font-size: 10pt; }
  body { max-width: none; padding: 0; }
  .skip { display: none; }
  .verdict { border: 1px solid var(--line); border-left: .375rem solid; }
  details::details-content { content-visibility: visible; height: auto; }
  th, td { padding-block: .4rem; }
  h2, h3, h4, caption, summary, .messages > li > p { break-after: avoid; }
  tr, .places li, .fix, .messages > li > p { break-inside: avoid; }
  p { orphans: 3; widows: 3; }
  .files, ul + details > summary { display: none; }
}
"""
