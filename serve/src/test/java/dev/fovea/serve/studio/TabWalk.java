package dev.fovea.serve.studio;

import java.util.List;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/** A walk through a page by the Tab key alone. */
final class TabWalk {

    /** What a reader without a mouse must come to, and how he sees that he is there. */
    private static final String WATCH = """
        const named = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + [...e.classList].map(one => '.' + one).join('')
            + ' ' + (e.ariaLabel || e.innerText || e.name || '').slice(0, 30).replace(/\\s+/g, ' ').trim();
        const opaque = e => !e || (getComputedStyle(e).opacity > 0.3 && opaque(e.parentElement));
        const outlined = e => {
          if (!e || !opaque(e)) return false;
          const style = getComputedStyle(e);
          const box = e.getBoundingClientRect();
          return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1 && box.width > 2 && box.height > 2;
        };
        const walk = window.walk = { named, came: [], unseen: [] };
        document.addEventListener('focusin', ({ target }) => {
          walk.came.push(target);
          const near = [target, target.parentElement, target.parentElement?.parentElement, target.nextElementSibling];
          if (!near.some(outlined)) walk.unseen.push(named(target));
        });
        const group = '[role=tablist], [role=listbox], .matrix, .histogram[role=group]';
        const inGroup = e => e.parentElement?.closest(group)?.querySelector('[tabindex="0"]') || e.closest('[role=listbox][tabindex="0"]');
        const others = e => e.type === 'radio' && !e.checked && [...document.getElementsByName(e.name)].some(one => one.checked || one.compareDocumentPosition(e) & 4);
        walk.wanted = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex], [role=option], [role=button]')]
          .filter(e => e.id !== 'main' && e.type !== 'file' && !e.matches(':disabled') && e.checkVisibility() && !(e.tabIndex < 0 && inGroup(e)) && !others(e));
        return walk.wanted.length;
        """;

    private static final String FOUND = """
        const { named, came, unseen, wanted } = window.walk;
        const missed = wanted.filter(e => e.isConnected && !came.includes(e)).map(named);
        const round = came.indexOf(came[0], 1) > 0;
        return [
          ...missed.map(one => 'is not reached: ' + one),
          ...new Set(unseen.map(one => 'has no outline: ' + one)),
          ...(round || came.length === 0 ? [] : ['does not leave: ' + named(came.at(-1))]),
        ];
        """;

    private TabWalk() {}

    /** What is not as it should be. */
    @SuppressWarnings("unchecked")
    static List<String> faults(Browser browser) {
        browser.script("document.activeElement.blur(); getSelection().removeAllRanges(); scrollTo(0, 0)");
        Number count = (Number) browser.script(WATCH);
        new Actions(browser.driver())
                .sendKeys(Keys.TAB.toString().repeat(count.intValue() + count.intValue() / 4 + 10))
                .perform();
        return (List<String>) browser.script(FOUND);
    }
}
