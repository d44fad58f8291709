/* The map by keyboard: one stop, a list that is heard and not seen; arrow keys move a ring among lines, places and
   numbers, Enter opens the card. Screen readers meet this list instead of a hundred paths without order. */
"use strict";

Object.assign(armsflow, {
  items: [],

  startList(map) {
    const list = document.createElement("div"), ring = document.createElement("div");
    Object.assign(list, { className: "list", tabIndex: 0 });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", armsflow.options.words.list);
    Object.assign(ring, { className: "cursor", hidden: true });
    map.getContainer().parentElement.prepend(list);
    map.getContainer().append(ring);
    Object.assign(armsflow, { list, ring, active: -1 });
    map.keyboard.disable();
    map.getContainer().removeAttribute("tabindex");
    map.getPane("mapPane").setAttribute("aria-hidden", "true");
    list.addEventListener("focus", () => armsflow.activate(Math.max(armsflow.active, 0)));
    list.addEventListener("blur", () => armsflow.activate(null));
    list.addEventListener("keydown", armsflow.pressKey);
    map.on("move zoom resize", () => { if (document.activeElement === list) armsflow.ringAround(armsflow.items[armsflow.active]); });
  },

  /* What is shown, in the order of lines, places and numbers; the one that was active stays so if it is still there. */
  listItems(items) {
    const { list } = armsflow, before = armsflow.items[armsflow.active]?.focus;
    if (!list) return;
    armsflow.items = items;
    list.replaceChildren(...items.map(({ words }, number) => {
      const option = document.createElement("div");
      Object.assign(option, { id: `item-${number}`, textContent: armsflow.sentence(words) });
      option.setAttribute("role", "option");
      return option;
    }));
    armsflow.active = items.findIndex(({ focus }) => focus === before);
    if (document.activeElement === list) armsflow.activate(Math.max(armsflow.active, 0));
  },

  pressKey(event) {
    const { items, active, map } = armsflow, last = items.length - 1;
    const steps = { ArrowDown: active + 1, ArrowRight: active + 1, ArrowUp: active - 1, ArrowLeft: active - 1, Home: 0, End: last };
    if (event.key in steps) armsflow.activate(Math.min(Math.max(steps[event.key], 0), last));
    else if (["Enter", " "].includes(event.key)) { if (items[active]) armsflow.sendFocus(items[active].focus); }
    else if (event.key === "+") map.zoomIn();
    else if (event.key === "-") map.zoomOut();
    else return;
    event.preventDefault();
  },

  activate(number) {
    const { list, items } = armsflow, item = items[number];
    list.querySelector("[aria-selected]")?.removeAttribute("aria-selected");
    if (!item) {
      list.removeAttribute("aria-activedescendant");
      armsflow.ring.hidden = true;
      armsflow.tell();
      return;
    }
    armsflow.active = number;
    list.setAttribute("aria-activedescendant", `item-${number}`);
    list.children[number].setAttribute("aria-selected", "true");
    armsflow.map.panInside(item.at, { padding: [48, 48], animate: false });
    armsflow.ringAround(item);
  },

  ringAround(item) {
    if (!item) return;
    const { left, top } = armsflow.map.getContainer().getBoundingClientRect();
    const { x, y } = armsflow.map.latLngToContainerPoint(item.at);
    Object.assign(armsflow.ring.style, { left: `${x}px`, top: `${y}px` });
    armsflow.ring.hidden = false;
    armsflow.tell([item.words].flat(), left + x + 12, top + y + 8);
  },
});
