"""How a page looks: nothing wider than the screen, nothing nameless, nothing faint; asked of a page that has come."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

NAMELESS = """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea, button, a[href]')]
  .filter(e => !(e.labels && [...e.labels].some(l => l.textContent.trim())) && !e.getAttribute('aria-label')
               && !(e.matches('button, a') && e.textContent.trim()))
  .map(e => e.outerHTML.slice(0, 120))"""

FAINT = """() => {
  const parse = c => { const m = c.match(/[\\d.]+/g).map(Number); return m.length > 3 ? m : [...m, 1]; };
  const light = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
                       return .2126 * r + .7152 * g + .0722 * b; };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3]));
  const ground = e => { const c = parse(getComputedStyle(e).backgroundColor);
                        if (c[3] === 1) return c.slice(0, 3);
                        return over(c, e.parentElement ? ground(e.parentElement) : [255, 255, 255]); };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode, e = text.parentElement;
    if (!text.data.trim() || !e.checkVisibility() || e.closest('.visually-hidden, .fg-skip')) continue;
    const style = getComputedStyle(e), back = ground(e);
    let opacity = 1;
    for (let up = e; up; up = up.parentElement) opacity *= Number(getComputedStyle(up).opacity);
    const fore = over([...parse(style.color).slice(0, 3), parse(style.color)[3] * opacity], back);
    const [a, b] = [light(fore), light(back)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = (a + .05) / (b + .05);
    if (ratio < (large ? 3 : 4.5)) found.push(`${ratio.toFixed(2)}: ${text.data.trim().slice(0, 40)}`);
  }
  return found;
}"""

WIDER = """() => {
  const page = document.documentElement;
  return document.readyState === 'complete' && page && [page.scrollWidth - page.clientWidth];
}"""


def fits(page: Page) -> None:
    """Nothing is wider than the screen, once the page that a click leads to has come with its styles."""
    wide = too_wide(page)
    assert wide <= 0, f"{page.url} is {wide} px wider than the screen"


def too_wide(page: Page) -> int:
    """By how many px a page is wider than the screen, once it has come with its styles."""
    page.wait_for_load_state("load")
    (wide,) = page.wait_for_function(WIDER).json_value()
    return int(wide)


def well_made(page: Page, *, but_for: str | None = None) -> None:
    """It fits, nothing is nameless or faint, and nothing went wrong but for what the test itself brings about."""
    fits(page)
    nameless = page.evaluate(NAMELESS)
    assert nameless == [], nameless
    faint = page.evaluate(FAINT)
    assert faint == [], faint
    problems = [one for one in page.problems if but_for is None or but_for not in one]  # type: ignore[attr-defined]
    assert problems == [], problems


def refused(page: Page) -> None:
    """The form was refused as the test wanted: the browser notes the 422, perhaps a moment later, and that is no fault."""
    problems: list[str] = page.problems  # type: ignore[attr-defined]
    while not any("422" in one for one in problems):
        page.wait_for_event("console")
    problems[:] = [one for one in problems if "422" not in one]


KEYS = """() => {
  const keyed = e => e.matches('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]');
  const look = e => { const s = getComputedStyle(e); return [s.outlineStyle, s.outlineWidth, s.boxShadow, s.borderColor].join(); };
  const name = e => e.outerHTML.slice(0, 140);
  const seen = [...document.querySelectorAll('body *')].filter(e => e.checkVisibility({ visibilityProperty: true }) && !e.disabled);
  const wrong = seen.filter(e => keyed(e) && e.tabIndex > 0).map(e => `out of order: ${name(e)}`);
  const wanted = seen.filter(e => keyed(e) && !e.matches('main, svg *'));
  wrong.push(...wanted.filter(e => e.tabIndex < 0 || e.closest('[inert]')).map(e => `not by Tab: ${name(e)}`));
  document.activeElement.blur();
  for (const e of wanted) {
    const before = look(e);
    e.focus();
    if (document.activeElement !== e) wrong.push(`takes no focus: ${name(e)}`);
    else if (look(e) === before) wrong.push(`focus is not seen: ${name(e)}`);
    e.blur();
  }
  const clicked = seen.filter(e => e.matches('[data-toggles], [hx-get], [hx-post], [role=button], [role=tab]')
    && !e.matches('[hx-trigger]') && !keyed(e) && !e.matches('form')).map(e => `by mouse only: ${name(e)}`);
  return [...wrong, ...clicked];
}"""
"""What can't be reached or seen by keyboard. The styles of focus are those of a keyboard once a key was pressed."""

SERIOUS = """async () => {
  const found = await axe.run(document, { resultTypes: ['violations'], preload: false });
  return found.violations.filter(one => ['serious', 'critical'].includes(one.impact))
    .flatMap(one => one.nodes.map(node => `${one.id} (${one.impact}): ${node.html.slice(0, 140)}`));
}"""


def by_keyboard(page: Page) -> list[str]:
    """What Tab doesn't reach, and what doesn't show that it has been reached."""
    page.keyboard.press("Tab")
    return list(page.evaluate(KEYS))


def serious(page: Page) -> list[str]:
    """What axe finds to be serious or critical."""
    page.evaluate(AXE_SCRIPT)
    return list(page.evaluate(SERIOUS))
