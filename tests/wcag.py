"""
WCAG 2.2 AA by axe, sideways overflow and repeated ids on the page in a browser: wide and narrow, light and dark.

The page is loaded once for all of these, for only its style knows of them. Much of axe's time goes into contrast, which
it works out for every text from what lies behind it. Texts of one colour and size on the same grounds have one and the
same contrast; of each such kind the first and the last are measured. All other rules look at everything. What is narrow
is looked at in one scheme only: no colour of a text depends on the width.
"""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

WIDE, NARROW = 1280, 320
_COLOURS = ("color-contrast", "link-in-text-block")
# Of what passes, axe tells one element of each rule: to describe all of them takes longer than to look at them.
_ALL = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
    "preload": False,
}
_OF_COLOURS = {"runOnly": {"type": "rule", "values": _COLOURS}, "resultTypes": ["violations"], "preload": False}
_MEASURE_WHAT_TELLS = (
    "axe.configure({rules: [{id: 'color-contrast', selector: '[data-tells]'},"
    " {id: 'link-in-text-block', selector: 'a[href][data-tells]'}]})"
)

# Marks the elements with words of their own that stand for all of their kind.
_MARK = """() => {
    document.querySelectorAll('[data-tells]').forEach(element => element.removeAttribute('data-tells'));
    const grounds = element => {
        const found = [];
        for (let each = element; each; each = each.parentElement) {
            const style = getComputedStyle(each);
            const lies = !['static', 'relative'].includes(style.position);
            if (style.backgroundColor !== 'rgba(0, 0, 0, 0)' || style.backgroundImage !== 'none'
                || style.opacity !== '1' || style.filter !== 'none' || style.mixBlendMode !== 'normal' || lies)
                found.push([style.backgroundColor, style.backgroundImage, style.opacity, style.filter,
                    style.mixBlendMode, lies ? each.className : ''].join());
        }
        return found.join('<');
    };
    const kinds = new Map();
    for (const element of document.body.querySelectorAll('*')) {
        const says = [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
        if (!(says || element.matches('input, select, textarea')) || !element.checkVisibility()) continue;
        const style = getComputedStyle(element);
        const kind = [element.localName === 'a', style.color, style.fontSize, style.fontWeight,
            style.textDecorationLine, style.textShadow, style.borderBottomStyle, grounds(element)].join('|');
        kinds.set(kind, [...kinds.get(kind) ?? [], element]);
    }
    for (const all of kinds.values()) for (const element of [all[0], all.at(-1)]) element.dataset.tells = '';
}"""


def assert_accessible(page: Any) -> None:
    """Raises AssertionError with what is wrong. Leaves the page as wide and as light as it was."""
    size, is_dark = page.viewport_size, page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(Axe().axe_script)
        page.evaluate(_MEASURE_WHAT_TELLS)
    for width, scheme, options in ((WIDE, "light", _ALL), (WIDE, "dark", _OF_COLOURS), (NARROW, "dark", _ALL)):
        page.set_viewport_size({"width": width, "height": size["height"]})
        page.emulate_media(color_scheme=scheme)
        # Colours that change by and by have arrived.
        page.evaluate("Promise.all(document.getAnimations().map(animation => animation.finished))")
        page.evaluate(_MARK)
        found = page.evaluate("options => axe.run(options)", options)
        _assert_nothing(found, f"{width} pixels wide, {scheme}")
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{overflow} pixels stick out where the page is {width} wide"
    assert page.locator("h1").count() == 1
    repeated = page.evaluate(
        "() => { const ids = [...document.querySelectorAll('[id]')].map(e => e.id);"
        " return ids.filter((id, place) => ids.indexOf(id) !== place) }"
    )
    assert not repeated, f"repeated ids: {repeated}"
    page.set_viewport_size(size)
    page.emulate_media(color_scheme="dark" if is_dark else "light")


def _assert_nothing(found: dict[str, Any], where: str) -> None:
    told = [
        f"{item['id']}: {item['nodes'][0]['html'][:200]}\n{item['nodes'][0]['failureSummary']}"
        for item in found["violations"]
    ]
    assert not told, "\n".join([f"{where}:", *told])
