/* The bridge to Streamlit: the page sends what a selection looks like, the map sends what is pressed. */
"use strict";

Object.assign(armsflow, {
  send(type, rest) {
    window.parent.postMessage({ isStreamlitMessage: true, type: `streamlit:${type}`, ...rest }, "*");
  },

  /* A press carries a stamp, so that pressing the same thing twice is two presses. */
  sendFocus(focus) {
    armsflow.send("setComponentValue", { value: { focus, stamp: Date.now() }, dataType: "json" });
  },

  /* The page waits with all the rest until the map is painted for the first time. */
  tellPainted(stamp) {
    if (stamp === armsflow.told) return;
    armsflow.told = stamp;
    requestAnimationFrame(() => requestAnimationFrame(() =>
      armsflow.send("setComponentValue", { value: { painted: stamp }, dataType: "json" })));
  },

  /* What a selection looks like comes deflated: the browser inflates it faster than a network brings it. */
  unpack(packed) {
    const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
  },

  readLayer(name) {
    return fetch(`${name}.json`).then((answer) => answer.json());
  },

  start(map, options) {
    armsflow.map = map;
    armsflow.options = options;
    armsflow.drawGround(map, options);
    armsflow.startMarks(map);
    armsflow.startList(map);
    document.title = options.words.title;
    Object.assign(window.frameElement, { id: "map", ariaLabel: options.words.frame });
    /* A legend that needs more room, by wider letters or all of its rows, makes the frame higher, not the map smaller. */
    const legend = document.querySelector(".legend");
    new ResizeObserver(() => { window.frameElement.style.minHeight = `${legend.offsetHeight + 312}px`; }).observe(legend);
    let packed, shown = Promise.resolve();
    window.addEventListener("message", (event) => {
      if (event.source !== window.parent || event.data?.type !== "streamlit:render") return;
      const { flows, tell } = event.data.args;
      if (flows && flows !== packed) {
        packed = flows;
        shown = Promise.all([armsflow.unpack(flows), shown]).then(([now]) => armsflow.show(now));
      }
      if (tell && tell !== armsflow.told) Promise.all([armsflow.basemap, shown]).then(() => armsflow.tellPainted(tell));
    });
    /* A connection that breaks in the first moment of a run leaves Streamlit with an empty page, this
       frame gone with the rest. Its key for running the page once more brings everything back, the
       last press included. */
    window.addEventListener("pagehide", () => {
      const { document: page, KeyboardEvent } = window.parent;
      page.dispatchEvent(new KeyboardEvent("keydown", { key: "r", code: "KeyR", keyCode: 82, bubbles: true }));
    });
    armsflow.send("componentReady", { apiVersion: 1 });
    armsflow.send("setFrameHeight", { height: 600 });
  },
});
