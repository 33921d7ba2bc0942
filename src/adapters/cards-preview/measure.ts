// What of a drawn card does not fit: words that are cut, and words that stick out of it.

/** Runs in the page; evaluates to a list of lines. A pixel more or less is rounding. */
export const MEASURE = `(() => {
  const card = document.getElementById('card');
  const { left, right } = card.getBoundingClientRect();
  const words = (element) => (element.innerText || element.value || element.placeholder || '').trim().slice(0, 120);
  const found = [];
  for (const element of card.querySelectorAll('*')) {
    const { clientWidth, scrollWidth, clientHeight, scrollHeight } = element;
    if (clientWidth > 0 && scrollWidth > clientWidth + 1) found.push('too wide: ' + words(element));
    if (element.tagName === 'BUTTON' && scrollHeight > clientHeight + 1) found.push('cut button: ' + words(element));
    if (element.tagName !== 'INPUT' || !element.placeholder) continue;
    const style = getComputedStyle(element);
    const pen = document.createElement('canvas').getContext('2d');
    pen.font = style.font;
    const room = clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    if (pen.measureText(element.placeholder).width > room + 1) found.push('cut placeholder: ' + element.placeholder);
  }
  const texts = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    for (const line of range.getClientRects())
      if (line.width > 0 && (line.right > right + 1 || line.left < left - 1))
        found.push('outside of the card: ' + texts.currentNode.data.trim().slice(0, 120));
  }
  return [...new Set(found)];
})()`;
