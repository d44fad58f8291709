/* Lines, places, numbers and end tags of a selection. Decides nothing: geometry, strokes, shapes and
   words come from Python. Texts are set as text, never as markup. What was drawn once is kept: a
   selection changes how things look and which of them are in the document. */
"use strict";

Object.assign(armsflow, {
  startMarks(map) {
    armsflow.renderer = L.svg({ pane: "flows", padding: 0.4 }).addTo(map);
    map.on("zoomend", armsflow.showNumbers);
    armsflow.startLegend();
  },

  show(flows) {
    const order = [], hits = [], { frame } = flows;
    armsflow.turnTo(frame);
    for (const line of flows.lines) {
      const said = { ...line, look: flows.looks[line.look] };
      const { focus, spans, tail } = line;
      /* A route of the reader's own comes with its course. */
      if (line.course) armsflow.options.paths[frame][focus] = line.course;
      const course = armsflow.options.paths[frame][focus];
      said.path = spans.length ? spans.map(([first, last]) => course.slice(first, last + 1)) : course;
      const { hit, halo, body } = armsflow.kept(`line ${frame} ${focus} ${spans} ${line.course ?? ""}`, said, armsflow.newLine, armsflow.styleLine);
      hits.push(hit);
      if (tail) {
        const rest = { path: course.slice(tail[0]), look: flows.looks[tail[1]] };
        order.push(...armsflow.kept(`tail ${frame} ${focus} ${tail[0]} ${line.course ?? ""}`, rest, armsflow.newArrow, armsflow.styleArrow));
      }
      if (said.look.halo) order.push(halo(said.look.halo));
      order.push(...body);
    }
    for (const place of flows.places) {
      const said = { ...place, look: flows.looks[place.look] };
      const { halo, mark, frame } = said.look;
      const layers = armsflow.kept(`${mark.square} ${place.focus}`, said, armsflow.newPlace, armsflow.stylePlace);
      if (halo) order.push(layers.halo(halo));
      order.push(layers.mark);
      if (frame) order.push(layers.frame(frame));
    }
    for (const { at, colour, around } of flows.numbers) {
      if (!around) continue;
      order.unshift(armsflow.kept(`around ${colour} ${at}`, { at, around }, armsflow.newDisc, armsflow.styleDisc));
    }
    for (const { destination, parts } of flows.arrows) {
      for (const part of parts) {
        order.push(...armsflow.kept(`arrow ${destination} ${part.path}`, part, armsflow.newArrow, armsflow.styleArrow));
      }
    }
    if (flows.ring) {
      order.push(armsflow.kept("ring", { at: flows.origin, around: flows.ring }, armsflow.newDisc, armsflow.styleDisc));
    }
    const middle = ({ focus }) => { const course = armsflow.options.paths[frame][focus]; return course[Math.floor(course.length / 2)]; };
    armsflow.listItems?.([...flows.lines.map((line) => ({ ...line, at: middle(line) })), ...flows.places, ...flows.numbers]);
    armsflow.showLegend(flows.legend);
    armsflow.arrange(armsflow.renderer._rootGroup, [...hits, ...order].map((layer) => layer.getElement()));
    /* A mark that stands for several places says for how many. */
    armsflow.numbers = flows.places.filter((place) => place.members > 1).map((place) =>
      [armsflow.kept(`members ${place.focus}`, place, armsflow.newNumber, armsflow.styleNumber), place.numberZoom]);
    armsflow.showNumbers();
    const cases = flows.numbers.map((mark) =>
      [armsflow.kept(`number ${mark.text} ${mark.fill} ${mark.at}`, mark, armsflow.newCase, armsflow.styleCase).getElement(), mark]);
    const tags = flows.tags.map((tag) => ({ ...tag, at: armsflow.options.paths[frame][tag.line].at(-1), tag: tag.text })).map((tag) =>
      [armsflow.kept(`tag ${frame} ${tag.line}`, tag, armsflow.newTag, armsflow.styleTag).getElement(), tag]);
    const labels = flows.arrows.map((arrow) =>
      [armsflow.kept(`label ${arrow.destination} ${arrow.at}`, { ...arrow, parts: 0 }, armsflow.newLabel, armsflow.styleLabel).getElement(), arrow]);
    const elements = (marks) => marks.map(([element]) => element);
    armsflow.arrange(armsflow.map.getPane("numbers"), elements(cases));
    armsflow.arrange(armsflow.map.getPane("tags"),
      [...armsflow.numbers.map(([number]) => number.getElement()), ...elements(labels), ...elements(tags)]);
    Object.assign(armsflow, { frame, spread: [...labels, ...cases, ...tags] });
    armsflow.showNames(flows.names);
  },

  /* The legend has the rows of what is shown; a button shows all of them. */
  startLegend() {
    const legend = document.querySelector(".legend"), button = legend.querySelector("button");
    button.addEventListener("click", () => {
      const whole = legend.classList.toggle("whole");
      button.setAttribute("aria-pressed", whole);
      button.textContent = armsflow.options.words[whole ? "part" : "whole"];
    });
    window.addEventListener("resize", () => { legend.querySelector(".parts").style.minHeight = ""; });
  },

  showLegend(keys) {
    for (const section of document.querySelectorAll(".legend section")) {
      const rows = [...section.querySelectorAll("li")];
      for (const row of rows) row.classList.toggle("absent", !keys.includes(row.dataset.key));
      section.classList.toggle("absent", rows.every((row) => row.classList.contains("absent")));
    }
    /* It keeps the room that it once needed, so that few selections change the size of the map. */
    const parts = document.querySelector(".legend .parts");
    if (!parts.parentElement.classList.contains("whole")) parts.style.minHeight = `${parts.offsetHeight}px`;
  },

  drawn: new Map(),

  /* The layers of an identifier: made once, styled again only when what is said of it has changed. */
  kept(key, said, make, style) {
    let entry = armsflow.drawn.get(key);
    if (!entry) armsflow.drawn.set(key, entry = { layers: make(said), words: null });
    const words = JSON.stringify(said, (name, value) => name === "path" ? undefined : value);
    if (words !== entry.words) style(entry.layers, said);
    entry.words = words;
    return entry.layers;
  },

  /* Makes the elements the only children, in this order, and moves none that is in its place. */
  arrange(parent, elements) {
    let next = parent.firstChild;
    for (const element of elements) {
      if (element === next) next = next.nextSibling;
      else parent.insertBefore(element, next);
    }
    while (next) {
      const left = next;
      next = next.nextSibling;
      left.remove();
    }
  },

  /* ------------------------------------------------------------ arrowheads and soft discs */

  definitions: new Map(),

  /* Definitions are shared: each is made when something first looks like it. */
  definition(tag, said, attributes, parts) {
    const key = JSON.stringify([tag, said]);
    if (!armsflow.definitions.has(key)) {
      const id = `${tag}-${armsflow.definitions.size}`;
      armsflow.definitions.set(key, `url(#${id})`);
      let defs = document.getElementById("armsflow-definitions");
      if (!defs) {
        const holder = armsflow.svg("svg", { width: 0, height: 0, "aria-hidden": "true" }, document.body);
        holder.style.position = "absolute";
        defs = armsflow.svg("defs", { id: "armsflow-definitions" }, holder);
      }
      const element = armsflow.svg(tag, { id, ...attributes }, defs);
      for (const [part, look] of parts) armsflow.svg(part, look, element);
    }
    return armsflow.definitions.get(key);
  },

  arrowhead(head) {
    return armsflow.definition("marker", head, { orient: "auto", markerUnits: "userSpaceOnUse",
      markerWidth: 1, markerHeight: 1, overflow: "visible" }, head.map((face) => ["polygon", face]));
  },

  softDisc(fade) {
    return armsflow.definition("radialGradient", fade, {}, fade.stops.map(([offset, opacity]) =>
      ["stop", { offset, "stop-color": fade.colour, "stop-opacity": opacity }]));
  },

  /* ------------------------------------------------------------ lines and places */

  add(layer) {
    return layer.addTo(armsflow.map);
  },

  focusable(layer, said) {
    layer.on("click", (event) => {
      L.DomEvent.stop(event);
      armsflow.sendFocus(said.focus);
    });
    layer.on("mouseover mousemove", ({ originalEvent: { clientX, clientY } }) => armsflow.tell(layer.words, clientX, clientY));
    layer.on("mouseout click", () => armsflow.tell());
    return armsflow.add(layer);
  },

  /* One tip for all, which no edge of the map cuts; without words it goes. */
  tell(words, x, y) {
    const tip = (armsflow.tip ??= document.body.appendChild(document.createElement("div")));
    tip.className = "tip";
    tip.hidden = !words || !matchMedia("(hover: hover)").matches;
    if (tip.hidden) return;
    tip.replaceChildren(...words.map((text, number) => {
      const line = document.createElement(number ? "div" : "strong");
      line.textContent = text;
      return line;
    }));
    const room = 6, { offsetWidth: width, offsetHeight: height } = tip;
    tip.style.left = `${Math.max(room, Math.min(x + 14, innerWidth - width - room))}px`;
    tip.style.top = `${y + 16 + height < innerHeight - room ? y + 16 : Math.max(room, y - 14 - height)}px`;
  },

  say(layer, words) {
    layer.words = words;
    layer.getElement().setAttribute("aria-label", armsflow.sentence(words));
  },

  classes(layer, names) {
    const kept = layer.options.interactive ? " leaflet-interactive" : "";
    layer.getElement().setAttribute("class", names + kept);
  },

  newLine(line) {
    const { path } = line;
    const common = { renderer: armsflow.renderer, fill: false };
    const still = (className) => armsflow.add(L.polyline(path, { ...common, interactive: false, className }));
    const layers = {
      hit: armsflow.focusable(L.polyline(path, { ...common, className: "hit", lineCap: "butt", opacity: 0 }), line),
      casing: still("casing"),
      line: armsflow.focusable(L.polyline(path, common), line),
      core: still("core"),
    };
    layers.halo = (stroke) => (layers.glow ??= still("halo")).setStyle(stroke);
    return layers;
  },

  styleLine(layers, { look, classes, words }) {
    /* A narrow line is pressed as easily as a wide one. */
    layers.hit.setStyle({ weight: Math.max(14, look.line.weight) });
    layers.casing.setStyle(look.casing);
    layers.line.setStyle(look.line);
    layers.line.getElement().setAttribute("marker-end", armsflow.arrowhead(look.head));
    armsflow.classes(layers.line, classes);
    if (look.core) layers.core.setStyle(look.core);
    layers.body = [layers.casing, layers.line, ...(look.core ? [layers.core] : [])];
    for (const layer of [layers.hit, layers.line]) armsflow.say(layer, words);
  },

  newPlace(place) {
    const { renderer } = armsflow;
    const make = (shape, options) =>
      new (shape.square ? armsflow.SquareMarker : L.CircleMarker)(place.at, { renderer, ...options });
    const still = (shape, className) => armsflow.add(make(shape, { interactive: false, className }));
    const layers = { mark: armsflow.focusable(make(place.look.mark, {}), place) };
    layers.halo = (shape) => armsflow.form(layers.glow ??= still(shape, "halo"), shape);
    layers.frame = (shape) => armsflow.form(layers.box ??= still(shape, "unpublished"), shape);
    return layers;
  },

  stylePlace({ mark }, place) {
    armsflow.form(mark, place.look.mark);
    armsflow.classes(mark, place.classes);
    armsflow.say(mark, place.words);
  },

  form(layer, { radius, style, fade }) {
    return layer.setRadius(radius).setStyle(fade ? { ...style, fillColor: armsflow.softDisc(fade) } : style);
  },

  /* ------------------------------------------------------------ numbers and end tags */

  numbers: [],

  showNumbers() {
    const zoom = armsflow.map.getZoom() + 0.001;
    for (const [number, least] of armsflow.numbers) {
      number.getElement().style.visibility = least === null || zoom < least ? "hidden" : "";
    }
  },

  newNumber(place) {
    return armsflow.add(L.marker(place.at, { pane: "tags", interactive: false, keyboard: false,
      icon: L.divIcon({ className: "members", html: document.createElement("div"), iconSize: [0, 0] }) }));
  },

  styleNumber(marker, place) {
    marker.getElement().firstChild.textContent = place.members;
  },

  /* The soft disc around a number whose place is only known as an area. */
  newDisc({ at }) {
    return armsflow.add(L.circleMarker(at, { renderer: armsflow.renderer, interactive: false, className: "around" }));
  },

  styleDisc(disc, { around }) {
    armsflow.form(disc, around);
  },

  /* The numbers of incidents: a mark that lies on its place or, with a leader, beside it. */
  newCase(mark) {
    const body = document.createElement("div");
    for (const part of ["leader", "box"]) body.append(Object.assign(document.createElement("span"), { className: part }));
    const marker = L.marker(mark.at, { pane: "numbers", keyboard: false,
      icon: L.divIcon({ className: "case", html: body, iconSize: [0, 0] }) });
    marker.on("click", (event) => {
      L.DomEvent.stop(event);
      armsflow.sendFocus(marker.focus);
    });
    return armsflow.add(marker);
  },

  styleCase(marker, mark) {
    marker.focus = mark.focus;
    const element = marker.getElement();
    element.setAttribute("aria-label", mark.words);
    element.title = mark.words;
    const [leader, box] = element.firstChild.children;
    box.textContent = mark.text;
    Object.assign(box.style, { width: `${mark.width}px`, background: mark.fill, color: mark.ink,
      boxShadow: `0 0 0 ${mark.edge}px ${mark.edgeColour}` });
    leader.style.background = mark.colour;
  },

  moveCase(element, right, down) {
    const [leader, box] = element.firstChild.children;
    Object.assign(box.style, { left: `${right}px`, top: `${down}px` });
    Object.assign(leader.style, { width: `${Math.hypot(right, down)}px`, transform: `rotate(${Math.atan2(down, right)}rad)` });
  },

  spread: [],

  /* Numbers, labels and end tags keep away from the edge and, on a map so small that no name of a numbered place is
     printed, as on a phone, from each other and from controls: the later one gives way along a spiral; a press needs
     24 pixels. On the smallest, one end tag stands for all of its destination, so that colour is never alone. */
  spreadMarks() {
    const { map, frame, options } = armsflow;
    if (!frame) return;
    const container = map.getContainer(), edge = container.getBoundingClientRect(), tagged = new Set();
    const small = map.getZoom() < options.namedZoom[frame], far = map.getZoom() + 0.001 < options.tagZoom;
    const placed = [...container.querySelectorAll(".leaflet-control")].map((control) => control.getBoundingClientRect())
      .map((box) => [box.left - edge.left + box.width / 2, box.top - edge.top + box.height / 2, box.width / 2, box.height / 2]);
    for (const [element, mark] of armsflow.spread) {
      const box = element.querySelector(".box") ?? element.firstChild, extra = far && tagged.has(mark.tag);
      element.style.display = extra ? "none" : "";
      if (mark.tag) tagged.add(mark.tag);
      if (extra) continue;
      let { right, down } = mark;
      const { x, y } = map.latLngToContainerPoint(mark.at);
      const half = Math.max(box.offsetWidth, 24) / 2, height = Math.max(box.offsetHeight, 24) / 2;
      const inside = x > 0 && y > 0 && x < edge.width && y < edge.height;
      const taken = () => (small && placed.some(([left, top, across, up]) =>
        Math.abs(x + right - left) < half + across && Math.abs(y + down - top) < height + up))
        || (inside && (x + right < half || x + right > edge.width - half || y + down < height || y + down > edge.height - height));
      for (let step = 1; step < 200 && taken(); step++) {
        right = Math.round(mark.right + (8 + step) * Math.cos(2.4 * step));
        down = Math.round(mark.down + (8 + step) * Math.sin(2.4 * step));
      }
      placed.push([x + right, y + down, half, height]);
      if (mark.tag || mark.parts) Object.assign(box.style, { left: `${right}px`, top: `${down}px` });
      else armsflow.moveCase(element, right, down);
    }
  },

  /* The arrows of the overview are seen and not pressed: what lies below them is. */
  newArrow({ path }) {
    const still = (className) => armsflow.add(L.polyline(path,
      { renderer: armsflow.renderer, fill: false, interactive: false, className }));
    return [still("casing"), still("arrow")];
  },

  styleArrow([casing, shaft], { look }) {
    casing.setStyle(look.casing);
    shaft.setStyle(look.line);
    shaft.getElement().setAttribute("marker-end", armsflow.arrowhead(look.head));
  },

  newLabel({ at }) {
    const box = document.createElement("div");
    box.append(document.createElement("b"), document.createElement("span"));
    return armsflow.add(L.marker(at, { pane: "tags", interactive: false, keyboard: false,
      icon: L.divIcon({ className: "label", html: box, iconSize: [0, 0] }) }));
  },

  styleLabel(marker, { width, colour, words }) {
    const box = marker.getElement().firstChild;
    [...box.children].forEach((line, number) => { line.textContent = words[number]; });
    Object.assign(box.style, { width: `${width}px`, borderColor: colour });
  },

  newTag(tag) {
    return armsflow.add(L.marker(tag.at, { pane: "tags", interactive: false, keyboard: false,
      icon: L.divIcon({ className: "tag", html: document.createElement("div"), iconSize: [0, 0] }) }));
  },

  styleTag(marker, tag) {
    const box = marker.getElement().firstChild;
    box.textContent = tag.text;
    box.style.background = tag.colour;
    box.style.color = tag.ink;
  },
});

/* A square of twice its radius. */
armsflow.SquareMarker = L.CircleMarker.extend({
  _updatePath() {
    const { x, y } = this._point;
    const half = this._radius;
    this._renderer._setPath(this, this._empty() ? "M0 0"
      : `M${x - half},${y - half}h${2 * half}v${2 * half}h${-2 * half}z`);
  },
});
