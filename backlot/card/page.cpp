#include "backlot/card/page.h"

#include "backlot/card/html.h"

namespace backlot::card {
namespace {

constexpr std::string_view common_style = R"(
:root { color-scheme: light dark; --text: #1b1f24; --soft: #5b6470; --line: #d6dae0; --page: #fff; --panel: #f6f7f9;
  --curve: #2458b3; --good: #1a7340; --doubt: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ed; --soft: #9aa4b0; --line: #343b45; --page: #14171b;
  --panel: #1c2026; --curve: #7fb0ff; --good: #6fcf97; --doubt: #e0b050; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 60rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 1.25rem; line-height: 1.35; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
p { margin: .25rem 0; }
.soft { color: var(--soft); font-size: .875rem; }
section { border: 1px solid var(--line); border-radius: .5rem; background: var(--panel); padding: .75rem 1rem; margin: 1rem 0; }
svg { display: block; width: 100%; height: auto; margin: .5rem 0; }
svg path { fill: none; stroke: var(--curve); stroke-width: 1.2; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
svg text { fill: var(--soft); font: 11px system-ui, sans-serif; }
code { font: .8125rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { margin: .5rem 0 0; padding: .5rem .75rem; background: var(--page); border: 1px solid var(--line); border-radius: .25rem;
  white-space: pre-wrap; overflow-wrap: anywhere; font: .8125rem/1.4 ui-monospace, monospace; user-select: all; }
table { border-collapse: collapse; font-size: .875rem; width: 100%; }
th, td { text-align: left; padding: .2rem .75rem .2rem 0; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 500; } .number { text-align: right; white-space: nowrap; }
details { margin-top: .5rem; } summary { cursor: pointer; color: var(--soft); font-size: .875rem; }
.wide { overflow-x: auto; }
@media (max-width: 40rem) { svg text { font-size: 20px; } }
)";

}  // namespace

std::string html_of(const Page& page) {
  std::string html =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
      "<title>";
  html += escaped(page.title) + "</title><style>";
  html.append(common_style).append(page.style);
  return html + "</style></head><body>" + page.body + "</body></html>\n";
}

}  // namespace backlot::card
