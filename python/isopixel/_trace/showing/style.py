# SPDX-License-Identifier: MIT
"""How the reports of traces look, in the light and in the dark."""

STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --pale: #59636e; --paper: #fff; --line: #d1d9e0; --box: #f6f8fa;
  --good: #1a7f37; --goodbox: #dafbe1; --bad: #c21c28; --badbox: #ffebe9; --later: #bc5200 }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --pale: #9aa4af; --paper: #0d1117; --line: #3d444d;
  --box: #161b22; --good: #3fb950; --goodbox: #12261e; --bad: #ff6b6b; --badbox: #2d1517; --later: #f0883e } }
* { box-sizing: border-box }
body { color: var(--ink); background: var(--paper); font: 16px/1.5 system-ui, sans-serif; max-width: 84rem;
  margin: 0 auto; padding: 1.2rem 1.5rem 4rem }
h1 { font-size: 1.7rem; margin: .3rem 0 1rem } h2 { font-size: 1.2rem; margin: 2.4rem 0 .6rem }
p { max-width: 60rem; margin: .4rem 0 } .pale { color: var(--pale); font-size: .92em } ul { margin: .3rem 0 }
code { font: .9em/1.5 ui-monospace, monospace; background: var(--box); border: 1px solid var(--line);
  border-radius: 4px; padding: .1em .35em; overflow-wrap: anywhere }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .35rem 1.1rem; margin: 1rem 0 }
dt { color: var(--pale) } dd { margin: 0; overflow-wrap: anywhere }
.verdict { border: 1px solid var(--line); border-left: .45rem solid; border-radius: 6px; padding: .8rem 1.1rem }
.verdict p { max-width: none } .verdict.good { border-left-color: var(--good); background: var(--goodbox) }
.verdict.bad { border-left-color: var(--bad); background: var(--badbox) }
.verdict ol { margin: .6rem 0 0; padding-left: 1.6rem } .verdict li { margin: .8rem 0 }
.verdict li::marker { font-weight: 700 }
.cause { font-size: 1.15rem } .id { color: var(--bad); margin-right: .3em } .where { color: var(--pale) }
.where b { color: var(--ink) } .remedy span { color: var(--pale) }
.side { display: inline-block; min-width: 1.5em; text-align: center; border: 1px solid var(--line); border-radius: 4px;
  background: var(--box); font-weight: 600 }
.legend { font-size: .9rem; color: var(--pale) }
.key { display: inline-block; width: 1em; height: 1em; margin: 0 .3em 0 .8em; vertical-align: -.12em;
  border: 3px solid var(--line); border-radius: 3px } .key:first-child { margin-left: 0 }
.key.common { border-color: var(--good) } .key.first { border-color: var(--bad) }
.key.later { border-color: var(--later) }
.films { overflow-x: auto; padding: .3rem 0 } .film { display: flex; gap: .5rem; width: max-content; margin: .5rem 0 }
.name { font-size: 1.3rem; font-weight: 700; width: 1.6rem; align-self: center; text-align: center }
.frame { width: 15rem; border: 3px solid var(--line); border-radius: 6px; background: var(--box); padding: .4rem;
  font-size: .8rem; line-height: 1.35; overflow-wrap: anywhere }
.frame.common { border-color: var(--good) } .frame.first { border-color: var(--bad); background: var(--badbox) }
.frame.later { border-color: var(--later) } .frame.empty { border-color: transparent; background: none }
.frame.nothing { border-style: dashed; display: flex; align-items: center; justify-content: center }
.head { min-height: 2.7em } .picture { height: 140px; display: flex; align-items: center; justify-content: center }
.arguments, .at { color: var(--pale) } .at { font-weight: 600 }
.blank { color: var(--pale); border: 1px dashed var(--line); display: flex; align-items: center; padding: .2rem;
  justify-content: center; text-align: center; font-size: .75rem } .nothing .blank { border: 0; font-size: .85rem }
.row { display: flex; flex-wrap: wrap; gap: 1.2rem; align-items: flex-start } figure { margin: 0; max-width: 100% }
img { display: block; border: 1px solid var(--line); image-rendering: pixelated; max-width: 100%; height: auto }
figcaption { font-size: .88rem; margin-top: .25rem; width: 0; min-width: 100% }
.scale { font-size: .88rem } .scale span { display: inline-block; width: .9em; height: .9em; margin: 0 .3em 0 .7em;
  border: 1px solid #808080; vertical-align: -.1em }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .25rem .8rem; border-bottom: 1px solid var(--line); text-align: right }
th { font-weight: 600 } th:first-child { text-align: left; color: var(--pale) } .apart td { color: var(--bad) }
"""
