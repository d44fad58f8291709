/* Draws what armsflow.webmap hands over. Decides nothing: geometry, classes, colours and words
   come from Python. Texts are set as text, never as markup. */
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

  /* ------------------------------------------------------------ the base map, drawn once */

  base(map, options) {
    map.attributionControl.setPrefix(false);
    ["water", "land", "rivers", "boundaries", "countries", "flows", "towns", "tags"].forEach((name, level) => {
      map.createPane(name).style.zIndex = 210 + 10 * level;
    });
    for (const name of ["countries", "towns", "tags"]) map.getPane(name).style.pointerEvents = "none";
    map.getPane("towns").style.zIndex = 450;
    map.getPane("tags").style.zIndex = 460;

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
    map.on("movestart zoomstart", () => { if (!fitting) moved = true; });
    fit();
    new ResizeObserver(fit).observe(map.getContainer());

    const still = { interactive: false, smoothFactor: 0.6 };
    const add = (name, draw) => fetch(options.folder + name + ".json")
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
    letter();
  },

  /* ------------------------------------------------------------ lines and places of a selection */

  flows(group, picture) {
    if (!armsflow.renderer) armsflow.renderer = L.svg({ pane: "flows", padding: 0.4 });
    const renderer = armsflow.renderer;
    const add = (layer) => { group.addLayer(layer); return layer; };

    /* A press carries a stamp, so that pressing the same thing twice is two presses. */
    const focusable = (layer, focus, words) => {
      layer.on("click", () => { layer.stamp = Date.now(); });
      layer.toGeoJSON = () => ({ type: "Feature", geometry: null,
        properties: { focus, stamp: layer.stamp || 0 } });
      const tip = document.createElement("div");
      words.forEach((text, number) => {
        const line = document.createElement(number ? "div" : "strong");
        line.textContent = text;
        tip.append(line);
      });
      layer.bindTooltip(tip, { sticky: true, className: "tip", opacity: 1 });
      layer.on("add", () => layer.getElement().setAttribute("aria-label", words.join(". ")));
      return layer;
    };
    const plain = { renderer, interactive: false, fill: false, lineJoin: "round" };

    for (const line of picture.lines) {
      add(focusable(L.polyline(line.path, { renderer, className: "hit", color: "#000", opacity: 0,
        weight: Math.max(14, line.weight) }), line.focus, line.words));
    }
    for (const line of picture.lines) {
      if (line.focused) {
        add(L.polyline(line.path, { ...plain, className: "halo", color: picture.halo, weight: line.weight + 9,
          opacity: 0.9, lineCap: "round" }));
      }
      add(L.polyline(line.path, { ...plain, className: "casing", color: picture.casing,
        weight: line.weight + picture.casingExtra, lineCap: "butt" }));
      const body = focusable(L.polyline(line.path, { renderer, fill: false, className: line.classes,
        color: line.colour, weight: line.weight, opacity: 1, dashArray: line.dash,
        lineCap: line.round ? "round" : "butt", lineJoin: "round" }), line.focus, line.words);
      body.on("add", () => body.getElement().setAttribute("marker-end",
        armsflow.arrowhead(line.colour, line.arrow, line.open, picture.casing)));
      add(body);
      if (line.core) {
        add(L.polyline(line.path, { ...plain, className: "core", color: picture.core, weight: line.core,
          lineCap: "butt" }));
      }
    }
    for (const place of picture.places) {
      if (place.focused) {
        add(L.circleMarker(place.at, { ...plain, className: "halo", radius: place.radius + 5,
          color: picture.halo, weight: 4 }));
      }
      const form = { renderer, className: place.classes, radius: place.radius, weight: 1.5,
        color: picture.casing, fillColor: place.colour, fillOpacity: 1 };
      if (place.mark === "area") {
        Object.assign(form, { stroke: false, fillColor: armsflow.softDisc(place.colour, place.claims ? 0.55 : 1) });
      }
      if (place.claims) {
        Object.assign(form, { stroke: true, color: place.colour, weight: 1.4, dashArray: "1.5 2.6" });
        if (place.mark !== "area") form.fillColor = picture.casing;
      }
      const Mark = place.mark === "store" ? armsflow.SquareMarker : L.CircleMarker;
      add(focusable(new Mark(place.at, form), place.focus, place.words));
    }
    for (const tag of picture.tags) {
      const box = document.createElement("div");
      box.textContent = tag.text;
      box.style.background = tag.colour;
      box.style.color = tag.ink;
      box.style.left = `${tag.right}px`;
      box.style.top = `${tag.down}px`;
      add(L.marker(tag.at, { pane: "tags", interactive: false, keyboard: false,
        icon: L.divIcon({ className: "tag", html: box, iconSize: [0, 0] }) }));
    }
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

window.armsflow = armsflow;
