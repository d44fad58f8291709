/* The map of one selection in one file: everything is in it, and a press opens the cards beside the map. */
"use strict";

document.documentElement.classList.add("scripted");

Object.assign(armsflow, {
  async readLayer(name) {
    return armsflow.layers[name];
  },

  start(map, options) {
    const { flows, focus } = armsflow.given;
    armsflow.map = map;
    armsflow.options = options;
    armsflow.drawGround(map, options);
    armsflow.startMarks(map);
    armsflow.startList(map);
    armsflow.show(flows);
    for (const link of document.querySelectorAll("a[data-focus]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        armsflow.sendFocus(link.dataset.focus);
      });
    }
    document.querySelector("#back").addEventListener("click", armsflow.closeCards);
    document.querySelector("#panel").addEventListener("keydown", (event) => {
      if (event.key === "Escape") armsflow.closeCards();
    });
    /* A printed map fits the paper before the browser takes its picture. */
    for (const [event, printed] of [["beforeprint", true], ["afterprint", false]]) {
      window.addEventListener(event, () => {
        document.documentElement.classList.toggle("printed", printed);
        armsflow.fitAgain();
      });
    }
    if (focus) {
      armsflow.sendFocus(focus);
      document.activeElement.blur();
    }
  },

  /* The cards of a line, a place or an incident, beside the map. */
  sendFocus(focus) {
    const { lines, places, numbers } = armsflow.given.flows;
    const cards = [...document.querySelectorAll("#incidents article")].filter(({ dataset }) =>
      [dataset.incident, dataset.line, dataset.spot].includes(focus));
    const marked = [...lines, ...places, ...numbers].find((mark) => mark.focus === focus);
    const found = document.querySelector("#found"), title = found.querySelector("h2");
    const [name = armsflow.options.words.incident, count = ""] = [marked?.words].flat();
    title.textContent = name;
    found.querySelector("p").textContent = count;
    found.querySelector("div").replaceChildren(...cards.map((card) => {
      const copy = card.cloneNode(true);
      copy.removeAttribute("id");
      return copy;
    }));
    armsflow.pressed = document.activeElement;
    armsflow.open(true);
    title.focus();
    found.parentElement.scrollTop = 0;
  },

  closeCards() {
    armsflow.open(false);
    armsflow.pressed?.focus();
  },

  open(found) {
    document.querySelector("#found").hidden = !found;
    document.querySelector("#numbered").hidden = found;
  },
});
