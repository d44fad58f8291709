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

  readLayer(name) {
    return fetch(`${name}.json`).then((answer) => answer.json());
  },

  start(map, options) {
    armsflow.map = map;
    armsflow.options = options;
    armsflow.drawGround(map, options);
    armsflow.startMarks(map);
    armsflow.startList(map);
    window.addEventListener("message", (event) => {
      if (event.source !== window.parent || event.data?.type !== "streamlit:render") return;
      if (event.data.args.flows) armsflow.show(event.data.args.flows);
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
