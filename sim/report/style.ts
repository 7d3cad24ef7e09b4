/**
 * The look of the report: one style sheet for screens light and dark, wide and narrow, and for paper. No font
 * and no file is loaded.
 */
export const STYLE = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--text:#1b2430;--muted:#5b6675;--line:#b9c2cd;--grid:#e3e7ec;--series:#2563a8;--good:#1f7a53;--bad:#b3261e;
--shade:rgb(20 30 42/28%);--outage:#7a4a00;--open:#bfe3d0;--dead:#f2a08f;--waiting:#f5d98b;--connecting:#a9c8ee;--wifi:#d6c3ea;--off:transparent;--ink:#26303c}
@media screen and (prefers-color-scheme:dark){:root{--page:#11161c;--card:#1a212a;--text:#e7ecf2;--muted:#9aa7b6;--line:#46525f;--grid:#2b343f;--series:#7db2f0;--good:#5fcf9b;--bad:#ff8a7d;
--shade:rgb(160 180 205/38%);--outage:#f0b45a;--open:#1f5a43;--dead:#93372b;--waiting:#7d6114;--connecting:#2b5488;--wifi:#5b4080;--ink:#f2f5f8}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:1120px;margin:0 auto;padding:28px 20px 48px}
h1{font-size:clamp(1.35rem,3.4vw,2rem);line-height:1.25;margin:.2em 0 .3em;letter-spacing:-.01em}
h2{font-size:1.15rem;line-height:1.35;margin:2em 0 .6em;text-wrap:balance}
.about{color:var(--muted);font-size:.85rem;margin:2.4em 0 0}.about+h2{margin-top:.1em}
h3{font-size:.8rem;font-weight:600;color:var(--muted);margin:0}
p{margin:.3em 0}h1,h2,p,li,th{overflow-wrap:break-word}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.88em;overflow-wrap:anywhere}
.kicker,.note,.numbers{color:var(--muted);font-size:.85rem}
.verdict{border-left:4px solid currentColor;padding:.25em .8em;font-weight:600;margin:.6em 0 0}
.good>b,.verdict.good{color:var(--good)}.bad>b,.verdict.bad{color:var(--bad)}
.question{color:var(--muted);font-style:italic;max-width:75ch}
.story{font-size:1.05rem;max-width:75ch}.warning{color:var(--bad);max-width:75ch}
.card{background:var(--card);border:1px solid var(--grid);border-radius:10px;padding:12px 14px;margin:0;min-width:0}
.figures{display:grid;grid-template-columns:repeat(4,1fr);gap:12px;margin-top:1.4em}
.figure{font-size:1.55rem;font-weight:650;line-height:1.25;margin:.1em 0 0;font-variant-numeric:tabular-nums}
.small-charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(310px,100%),1fr));gap:12px}
figcaption{font-size:.85rem;color:var(--muted)}.finding{font-size:.88rem;font-weight:600;line-height:1.35}
.losses{fill:var(--bad)}.paper{paint-order:stroke;stroke:var(--page);stroke-width:3px;stroke-linejoin:round}
.tall{max-height:38rem;overflow-y:auto}.tall thead th{position:sticky;top:0;background:var(--page)}
.histogram{margin-top:.5em}.bars{fill:var(--series);fill-opacity:.3;stroke:var(--series);stroke-width:1.4;stroke-linejoin:round}
.line{fill:none;stroke-width:1.6}.area{fill-opacity:.16}.line.share{stroke:var(--good)}.area.share{fill:var(--good)}.line:is(.connects,.air,.energy){stroke:var(--series)}.area:is(.connects,.air,.energy){fill:var(--series)}
.mark{stroke:var(--text);stroke-width:1.2;fill:none}.mark.dashed{stroke-dasharray:4 3}.mark-label{font-size:10.5px;fill:var(--text)}
/* A shadow at each side where there is more: covered by what scrolls with the content, seen where that is away. */
.scroll{overflow-x:auto;-webkit-overflow-scrolling:touch;--under:var(--page);background:var(--sides);--sides:linear-gradient(90deg,var(--under) 40%,transparent) 0 0/48px 100% no-repeat local,linear-gradient(270deg,var(--under) 40%,transparent) 100% 0/48px 100% no-repeat local,linear-gradient(90deg,var(--shade),transparent) 0 0/18px 100% no-repeat,linear-gradient(270deg,var(--shade),transparent) 100% 0/18px 100% no-repeat}
.tall{background:var(--sides),linear-gradient(var(--under) 40%,transparent) 0 0/100% 48px no-repeat local,linear-gradient(0deg,var(--under) 40%,transparent) 0 100%/100% 48px no-repeat local,linear-gradient(0deg,var(--shade),transparent) 0 100%/100% 18px no-repeat}
.card .scroll{--under:var(--card)}
.scroll>svg.wide{min-width:680px}
:where(.scroll) :is(th,td){white-space:nowrap}.scroll .words{white-space:normal;overflow-wrap:anywhere;min-width:15em}.causes th[scope=row]{white-space:normal}.one{white-space:nowrap}
svg{display:block;max-width:100%;height:auto}
svg.wide{width:100%;height:auto}
svg text{font-family:system-ui,sans-serif}
.definitions{position:absolute}
.state-open{fill:var(--open)}.state-dead{fill:var(--dead)}.state-waiting{fill:var(--waiting)}.state-connecting{fill:var(--connecting)}.state-wifi{fill:var(--wifi)}.state-off{fill:var(--off)}
.pen{stroke:var(--ink);fill:none;opacity:.55}.pen .ink{fill:var(--ink);stroke:none}
.outline{stroke:var(--line)}
.row,.axis text{font-size:10.5px;fill:var(--muted)}
.axis .grid{stroke:var(--grid);stroke-width:1;fill:none}.axis .baseline{stroke:var(--line);fill:none}
.outage{fill:var(--outage);opacity:.16}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;padding:0;margin:0 0 .7em;font-size:.85rem}
.legend svg{display:inline-block;vertical-align:-1px}
.outages{font-size:.85rem;color:var(--muted);padding-left:1.2em;margin:.6em 0 0}
.empty{color:var(--muted);font-style:italic;padding:1em 0}
table{border-collapse:collapse;width:100%;font-size:.88rem;font-variant-numeric:tabular-nums}
th,td{text-align:right;padding:4px 8px;border-bottom:1px solid var(--grid);vertical-align:top}
th:first-child,.metrics td:last-child,.metrics th:last-child,.boards td:last-child,.boards th:last-child{text-align:left}tbody th{font-weight:500}
thead th{font-weight:600;color:var(--muted);white-space:nowrap}
.sortable button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer}
.sortable th[aria-sort] button{color:var(--text);text-decoration:underline}
.sortable th[aria-sort=ascending] button:after{content:" ↑"}.sortable th[aria-sort=descending] button:after{content:" ↓"}
.causes td.number{width:4.5em}.causes td.bar{width:45%}.causes.energy td.number{width:6em;white-space:nowrap}.causes .bar span{display:block;height:1em;min-width:1px;background:var(--series);border-radius:2px;margin-top:.2em}
.judgements{list-style:none;padding:0;margin:0}.judgements li{padding:4px 0;border-bottom:1px solid var(--grid)}.judgements span{color:var(--muted)}
.settings{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(320px,100%),1fr));gap:0 28px;margin:0;font-size:.9rem}
.settings div{display:flex;justify-content:space-between;gap:1em;border-bottom:1px solid var(--grid);padding:3px 0}
dt{color:var(--muted)}dd{margin:0;text-align:right;overflow-wrap:anywhere}
pre{background:var(--card);border:1px solid var(--grid);border-radius:8px;padding:10px 12px;white-space:pre-wrap;margin:.4em 0}
summary{cursor:pointer;font-weight:600}
@media screen and (max-width:719px){.scroll:has(>svg.wide):before{content:"scroll sideways →";position:sticky;left:0;color:var(--muted);font-size:.75rem}}
@media (max-width:820px){.figures{grid-template-columns:1fr 1fr}}
@media (max-width:480px){main{padding:18px 12px 32px}.figures{gap:8px}.figure{font-size:1.25rem}.causes td.bar{width:25%}}
@page{margin:12mm}@media print{:where(.scroll) :is(th,td){white-space:normal}:root{color-scheme:light;font-size:13px}body{background:#fff;font-size:11px;print-color-adjust:exact;-webkit-print-color-adjust:exact}main{max-width:none;padding:0}
.scroll,.tall{overflow:visible;max-height:none;background:none}.tall thead{display:table-row-group}.paper{stroke:#fff}.figures{grid-template-columns:repeat(4,1fr);gap:8px}.figure{font-size:1.15rem}.card{padding:8px 10px}.small-charts{grid-template-columns:repeat(3,1fr);gap:8px}.story{font-size:1em}.scroll>svg.wide{min-width:0}.card,figure,tr,section:has(>figure),section:has(>.legend){break-inside:avoid}h2,h3,.about,thead{break-after:avoid}.histogram,svg.wide,.figures{break-inside:avoid}}
`;
