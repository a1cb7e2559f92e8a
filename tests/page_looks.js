// What of a page cannot be read, does not fit or is out of order. Evaluated in the page by test_app_looks_browser.py.
() => {
  const channel = (value) => (value <= 10.3 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const lightness = ([red, green, blue]) => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
  const parsed = (text) => {
    const found = text.match(/[\d.]+/g);
    return found && [...found.slice(0, 3).map(Number), found.length > 3 ? Number(found[3]) : 1];
  };
  const over = (top, under) => [0, 1, 2].map((at) => top[at] * top[3] + under[at] * (1 - top[3]));
  const behind = (element) => {
    const layers = [];
    const text = element.getBoundingClientRect();
    let [x, y] = [text.left + text.width / 2, text.top + text.height / 2];
    for (let each = element; each; each = each.parentElement) {
      const style = getComputedStyle(each);
      const colour = parsed(style.backgroundColor);
      const box = each.getBoundingClientRect();
      // What is scrolled out of sight is seen within the edges of what it scrolls in.
      if (style.overflow !== "visible") {
        [x, y] = [Math.min(Math.max(x, box.left), box.right), Math.min(Math.max(y, box.top), box.bottom)];
      }
      // A slider's figure stands above the knob that it belongs to: the knob is not behind it.
      const isBehind = x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
      if (!colour || colour[3] === 0 || !isBehind) continue;
      layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255]);
  };
  const faded = (element) => {
    let left = 1;
    for (let each = element; each; each = each.parentElement) left *= Number(getComputedStyle(each).opacity);
    return left;
  };
  const place = (element) => element.closest("[data-testid]")?.dataset.testid ?? element.tagName;

  const pale = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim();
    const element = texts.currentNode.parentElement;
    // Streamlit's own link past the menu lies outside the window until the keyboard is on it.
    if (element?.closest("[data-testid=stSkipToContent]")) continue;
    // What stands on a dot or a bar of a chart has that behind it, which no style tells.
    if (!text || element.closest("script,style,noscript,title,svg,[disabled],[aria-disabled=true],[role=slider]")) continue;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const left = faded(element);
    const colour = parsed(style.color);
    if (!box.width || !box.height || style.visibility === "hidden" || !colour || colour[3] * left === 0) continue;
    const under = behind(element);
    const [bright, dim] = [lightness(over([...colour.slice(0, 3), colour[3] * left], under)), lightness(under)].sort(
      (first, second) => second - first,
    );
    const contrast = (bright + 0.05) / (dim + 0.05);
    const isLarge = parseFloat(style.fontSize) >= 24;
    const isChosen = Boolean(element.closest("[aria-checked=true],[aria-pressed=true],[data-selected],[data-testid=stSliderThumbValue]"));
    if (contrast < (isLarge ? 3 : 4.5)) pale.push({ text: text.slice(0, 40), place: place(element), contrast, isChosen });
  }

  const main = document.querySelector("[data-testid=stMain]");
  const headings = [...main.querySelectorAll("h1,h2,h3,h4,h5,h6")].map((each) => [Number(each.tagName[1]), each.textContent]);
  const jumps = headings.filter(([level], at) => level > (at ? headings[at - 1][0] : 0) + 1).map(([, text]) => text);
  const undescribed = [...main.querySelectorAll("[data-testid=stPlotlyChart],[data-testid=stDataFrame]")].filter(
    (each) => !each.getAttribute("aria-label") && !each.querySelector("[aria-label]"),
  );
  const cut = [...main.querySelectorAll("[data-testid=stMetricValue] *")].filter(
    (each) => each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1,
  );
  return {
    pale,
    jumps,
    beyond: main.scrollWidth - main.clientWidth,
    undescribed: undescribed.length,
    cut: cut.map((each) => each.textContent),
    titles: headings.filter(([level]) => level === 1).length,
    tabindexes: main.querySelectorAll("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").length,
  };
}
