/* Draws what armsflow.webmap hands over. Decides nothing: geometry, classes, colours and words
   come from Python. Texts are set as text, never as markup. What was drawn once is kept: a
   selection changes how things look and which of them are in the document. */
"use strict";

const armsflow = {
  svg(tag, attributes, parent) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (parent) parent.appendChild(element);
    return element;
  },

  /* Arrowheads and soft discs are shared definitions, made when a colour first needs them. */
  definition(id, make) {
    let defs = document.getElementById("armsflow-definitions");
    if (!defs) {
      const holder = armsflow.svg("svg", { width: 0, height: 0, "aria-hidden": "true" }, document.body);
      holder.style.position = "absolute";
      defs = armsflow.svg("defs", { id: "armsflow-definitions" }, holder);
    }
    if (!document.getElementById(id)) make(defs);
    return `url(#${id})`;
  },

  arrowhead(colour, size, open, casing) {
    const id = `arrow-${open ? "open" : "closed"}-${size}-${colour.slice(1)}`;
    return armsflow.definition(id, (defs) => {
      const marker = armsflow.svg("marker", {
        id, viewBox: "-1 -7 13 14", refX: open ? 1 : 3, refY: 0, orient: "auto",
        markerUnits: "userSpaceOnUse", markerWidth: size, markerHeight: size, overflow: "visible",
      }, defs);
      if (open) {
        armsflow.svg("path", { d: "M0,-6 L10.5,0 L0,6 Z", fill: casing, stroke: casing, "stroke-width": 4.4,
          "stroke-linejoin": "round" }, marker);
        armsflow.svg("path", { d: "M0,-6 L10.5,0 L0,6 Z", fill: casing, stroke: colour, "stroke-width": 2,
          "stroke-linejoin": "round" }, marker);
      } else {
        armsflow.svg("path", { d: "M0,-5.2 L11,0 L0,5.2 L2,0 Z", fill: colour, stroke: casing,
          "stroke-width": 1.6, "paint-order": "stroke", "stroke-linejoin": "round" }, marker);
      }
    });
  },

  softDisc(colour, opacity) {
    const id = `soft-${Math.round(opacity * 100)}-${colour.slice(1)}`;
    return armsflow.definition(id, (defs) => {
      const gradient = armsflow.svg("radialGradient", { id }, defs);
      for (const [offset, share] of [[0, 0.75], [0.45, 0.6], [1, 0]]) {
        armsflow.svg("stop", { offset, "stop-color": colour, "stop-opacity": share * opacity }, gradient);
      }
    });
  },

  /* ------------------------------------------------------------ Streamlit */

  send(type, rest) {
    window.parent.postMessage({ isStreamlitMessage: true, type: `streamlit:${type}`, ...rest }, "*");
  },

  start(map, options) {
    armsflow.map = map;
    armsflow.options = options;
    armsflow.base(map, options);
    armsflow.renderer = L.svg({ pane: "flows", padding: 0.4 }).addTo(map);
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

  /* ------------------------------------------------------------ the base map, drawn once */

  base(map, options) {
    map.attributionControl.setPrefix(false);
    ["water", "land", "rivers", "boundaries", "countries", "flows", "towns", "tags"].forEach((name, level) => {
      map.createPane(name).style.zIndex = 210 + 10 * level;
    });
    for (const name of ["countries", "towns", "tags"]) map.getPane(name).style.pointerEvents = "none";
    map.getPane("towns").style.zIndex = 450;
    map.getPane("tags").style.zIndex = 460;

    /* A frame that has no size yet needs a view as well, or nothing could be drawn. */
    map.setView(L.latLngBounds(options.bounds).getCenter(), 4.5, { animate: false });

    /* The view fits the frame until the reader moves it, also when the frame changes its size. */
    let moved = false, fitting = false;
    const fit = () => {
      map.invalidateSize({ animate: false, pan: moved });
      const size = map.getSize();
      if (moved || !size.x || !size.y) return;
      fitting = true;
      map.fitBounds(options.bounds, { animate: false, padding: [2, 2] });
      fitting = false;
    };
    /* Not movestart: Leaflet also moves the map by itself, to keep it within its bounds. */
    map.on("dragstart zoomstart keydown", () => { if (!fitting) moved = true; });
    fit();
    new ResizeObserver(fit).observe(map.getContainer());

    const still = { interactive: false, smoothFactor: 0.6 };
    const add = (name, draw) => fetch(`${name}.json`)
      .then((answer) => answer.json()).then(draw)
      .then(() => document.body.classList.add(`has-${name}`));
    add("land", (land) => {
      const shore = L.svg({ pane: "water", padding: 0.4 });
      const ground = L.svg({ pane: "land", padding: 0.4 });
      L.geoJSON(land, { ...still, renderer: shore, style: () => ({ className: "shore", fill: false,
        color: options.coast, weight: 1.8 }) }).addTo(map);
      L.geoJSON(land, { ...still, renderer: ground, style: (area) => {
        const fill = options.fills[area.properties.area_id] || options.land;
        return { className: `land land-${area.properties.area_id}`, fillColor: fill, fillOpacity: 1,
          color: fill, weight: 0.5 };
      } }).addTo(map);
    });
    add("water", (water) => L.geoJSON(water, { ...still, renderer: L.svg({ pane: "rivers", padding: 0.4 }),
      style: (body) => body.properties.kind === "lake"
        ? { fillColor: options.water, fillOpacity: 1, color: options.coast, weight: 0.6 }
        : { color: options.river, weight: 1.1, fill: false } }).addTo(map));
    add("boundaries", (lines) => L.geoJSON(lines, { ...still,
      renderer: L.svg({ pane: "boundaries", padding: 0.4 }),
      style: (line) => ({ className: `boundary ${line.properties.kind}`, color: options.boundary,
        weight: line.properties.kind === "disputed" ? 1.2 : 0.9,
        dashArray: line.properties.kind === "disputed" ? "4 3.5" : null }) }).addTo(map));

    const names = options.names.map((name) => {
      const words = document.createElement("span");
      words.textContent = name.text;
      const box = document.createElement("div");
      box.append(words);
      const icon = L.divIcon({ className: `name ${name.kind} ${name.side}`, html: box, iconSize: [0, 0] });
      const marker = L.marker([name.latitude, name.longitude], { icon, interactive: false, keyboard: false,
        pane: name.kind === "town" ? "towns" : "countries" }).addTo(map);
      return [marker, name.min_zoom];
    });
    /* A name is printed from its zoom on, and never cut by the frame. */
    const letter = () => {
      const zoom = map.getZoom() + 0.001;
      const frame = map.getContainer().getBoundingClientRect();
      map.getContainer().classList.toggle("far", zoom < options.tagZoom);
      for (const [marker, least] of names) {
        const element = marker.getElement();
        element.style.display = zoom < least ? "none" : "";
        if (zoom < least) continue;
        const box = element.firstChild.getBoundingClientRect();
        element.classList.toggle("cut", box.left < frame.left || box.right > frame.right
          || box.top < frame.top || box.bottom > frame.bottom);
      }
    };
    map.on("zoomend moveend resize", letter);
    map.on("zoomend", armsflow.thin);
    letter();
  },

  /* ------------------------------------------------------------ lines and places of a selection */

  drawn: new Map(),

  show(flows) {
    const order = [], hits = [];
    for (const line of flows.lines) {
      const { hit, halo, body } = armsflow.kept(`line ${line.focus}`, line, armsflow.newLine, armsflow.styleLine);
      hits.push(hit);
      if (line.focused) order.push(halo());
      order.push(...body);
    }
    for (const place of flows.places) {
      const { halo, mark, frame } = armsflow.kept(`${place.mark} ${place.focus}`, place, armsflow.newPlace, armsflow.stylePlace);
      if (place.focused) order.push(halo());
      order.push(mark);
      if (place.unpublished) order.push(frame());
    }
    document.body.classList.toggle("has-unpublished", flows.unpublished);
    armsflow.arrange(armsflow.renderer._rootGroup, [...hits, ...order].map((layer) => layer.getElement()));
    /* A mark that stands for several places says for how many. */
    armsflow.numbers = flows.places.filter((place) => place.members > 1)
      .sort((one, other) => other.members - one.members)
      .map((place) => armsflow.kept(`members ${place.focus}`, place, armsflow.newNumber, armsflow.styleNumber));
    armsflow.thin();
    const numbers = armsflow.numbers.map((number) => number.getElement());
    armsflow.arrange(armsflow.map.getPane("tags"), [...numbers, ...flows.tags.map((tag) =>
      armsflow.kept(`tag ${tag.line}`, tag, armsflow.newTag, armsflow.styleTag).getElement())]);
  },

  /* What stands for an identifier: made once, styled anew only when what is said of it changed. */
  kept(key, said, make, style) {
    let entry = armsflow.drawn.get(key);
    if (!entry) armsflow.drawn.set(key, entry = { layers: make(said), words: null });
    const words = JSON.stringify(said);
    if (words !== entry.words) style(entry.layers, said);
    entry.words = words;
    return entry.layers;
  },

  /* Makes the elements the only children, in this order, and moves none that stands right. */
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

  add(layer) {
    return layer.addTo(armsflow.map);
  },

  /* A press carries a stamp, so that pressing the same thing twice is two presses. */
  focusable(layer, said) {
    layer.on("click", (event) => {
      L.DomEvent.stop(event);
      armsflow.send("setComponentValue", { value: { focus: said.focus, stamp: Date.now() }, dataType: "json" });
    });
    layer.bindTooltip(() => {
      const tip = document.createElement("div");
      layer.words.forEach((text, number) => {
        const line = document.createElement(number ? "div" : "strong");
        line.textContent = text;
        tip.append(line);
      });
      return tip;
    }, { sticky: true, className: "tip", opacity: 1 });
    return armsflow.add(layer);
  },

  say(layer, words) {
    layer.words = words;
    layer.getElement().setAttribute("aria-label", words.join(". "));
  },

  classes(layer, names) {
    const kept = layer.options.interactive ? " leaflet-interactive" : "";
    layer.getElement().setAttribute("class", names + kept);
  },

  newLine(line) {
    const { paths, casing, core, halo } = armsflow.options;
    const path = paths[line.focus];
    const common = { renderer: armsflow.renderer, fill: false, lineJoin: "round", lineCap: "butt", opacity: 1 };
    const still = { ...common, interactive: false };
    const layers = {
      hit: armsflow.focusable(L.polyline(path, { ...common, className: "hit", color: "#000", opacity: 0 }), line),
      casing: armsflow.add(L.polyline(path, { ...still, className: "casing", color: casing })),
      line: armsflow.focusable(L.polyline(path, { ...common, color: line.colour }), line),
      core: armsflow.add(L.polyline(path, { ...still, className: "core", color: core })),
    };
    layers.halo = () => {
      layers.glow ??= armsflow.add(L.polyline(path, { ...still, className: "halo", color: halo, opacity: 0.9,
        lineCap: "round" }));
      return layers.glow.setStyle({ weight: layers.weight + 9 });
    };
    return layers;
  },

  styleLine(layers, line) {
    const { casing, casingExtra } = armsflow.options;
    layers.weight = line.weight;
    layers.hit.setStyle({ weight: Math.max(14, line.weight) });
    layers.casing.setStyle({ weight: line.weight + casingExtra });
    layers.line.setStyle({ weight: line.weight, color: line.colour, dashArray: line.dash,
      lineCap: line.round ? "round" : "butt" });
    layers.line.getElement().setAttribute("marker-end",
      armsflow.arrowhead(line.colour, line.arrow, line.open, casing));
    armsflow.classes(layers.line, line.classes);
    layers.core.setStyle({ weight: line.core });
    layers.body = [layers.casing, layers.line, ...(line.core ? [layers.core] : [])];
    for (const layer of [layers.hit, layers.line]) armsflow.say(layer, line.words);
  },

  newPlace(place) {
    const Mark = place.mark === "store" ? armsflow.SquareMarker : L.CircleMarker;
    const { renderer, options } = armsflow;
    const layers = { mark: armsflow.focusable(new Mark(place.at, { renderer, weight: 1.5, fillOpacity: 1 }), place) };
    layers.halo = () => {
      layers.glow ??= armsflow.add(L.circleMarker(place.at, { renderer, interactive: false, fill: false,
        className: "halo", color: options.halo, weight: 4 }));
      return layers.glow.setRadius(layers.mark.getRadius() + 5);
    };
    /* Not published: a dashed square around the mark. */
    layers.frame = () => {
      const { margin, ...stroke } = options.unpublished;
      layers.box ??= armsflow.add(new armsflow.SquareMarker(place.at, { renderer, interactive: false, fill: false,
        className: "unpublished", ...stroke }));
      return layers.box.setRadius((layers.mark.getRadius() + margin) / 0.9);
    };
    return layers;
  },

  stylePlace({ mark }, place) {
    const { casing } = armsflow.options;
    const area = place.mark === "area";
    mark.setRadius(place.radius);
    mark.setStyle({
      stroke: place.claims || !area,
      color: place.claims ? place.colour : casing,
      weight: place.claims ? 1.4 : 1.5,
      dashArray: place.claims ? "1.5 2.6" : null,
      fillColor: area ? armsflow.softDisc(place.colour, place.claims ? 0.55 : 1)
        : (place.claims ? casing : place.colour),
    });
    armsflow.classes(mark, place.classes);
    armsflow.say(mark, place.words);
  },

  numbers: [],

  /* Numbers that would lie on each other give way to the largest, until one zooms in. */
  thin() {
    const { options: { numberRoom: [width, height] }, map } = armsflow;
    const printed = [];
    for (const number of armsflow.numbers) {
      const spot = map.project(number.getLatLng());
      const free = printed.every(({ x, y }) => Math.abs(spot.x - x) >= width || Math.abs(spot.y - y) >= height);
      number.getElement().style.visibility = free ? "" : "hidden";
      if (free) printed.push(spot);
    }
  },

  newNumber(place) {
    return armsflow.add(L.marker(place.at, { pane: "tags", interactive: false, keyboard: false,
      icon: L.divIcon({ className: "members", html: document.createElement("div"), iconSize: [0, 0] }) }));
  },

  styleNumber(marker, place) {
    marker.getElement().firstChild.textContent = place.members;
  },

  newTag(tag) {
    const end = armsflow.options.paths[tag.line].at(-1);
    return armsflow.add(L.marker(end, { pane: "tags", interactive: false, keyboard: false,
      icon: L.divIcon({ className: "tag", html: document.createElement("div"), iconSize: [0, 0] }) }));
  },

  styleTag(marker, tag) {
    const box = marker.getElement().firstChild;
    box.textContent = tag.text;
    box.style.background = tag.colour;
    box.style.color = tag.ink;
    box.style.left = `${tag.right}px`;
    box.style.top = `${tag.down}px`;
  },
};

armsflow.SquareMarker = L.CircleMarker.extend({
  _updatePath() {
    const { x, y } = this._point;
    const half = this._radius * 0.9;
    this._renderer._setPath(this, this._empty() ? "M0 0"
      : `M${x - half},${y - half}h${2 * half}v${2 * half}h${-2 * half}z`);
  },
});

/* Leaflet moves each name by a transform of its own, which makes each a layer of the compositor and
   every frame of the whole page several times as dear. */
L.Marker.include({
  _setPos(position) {
    this._icon._leaflet_pos = position;
    this._icon.style.left = `${position.x}px`;
    this._icon.style.top = `${position.y}px`;
  },
});

window.armsflow = armsflow;
