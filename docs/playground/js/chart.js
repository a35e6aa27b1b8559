"use strict";
/* Error by evaluations, both on logarithmic scales: a curve for each side, a dot where the side is set. */

playground.Chart = class Chart {
  constructor(figure) {
    this.svg = this.make("svg", { role: "img", "aria-label": "Error of both sides by the number of evaluations" });
    figure.append(this.svg);
    new ResizeObserver(() => this.draw(this.curves || [])).observe(figure);
  }

  make(name, attributes, text) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) {
      element.setAttribute(key, value);
    }
    element.textContent = text || "";
    return element;
  }

  /* From the decade at or below the least error to the one above the greatest. */
  scales(errors) {
    const width = this.svg.clientWidth || 600, height = this.svg.clientHeight || 190;
    const low = Math.floor(Math.log10(Math.max(1e-6, Math.min(...errors))));
    const high = Math.ceil(Math.log10(Math.max(...errors)));
    const top = Math.max(high, low + 1), left = 52, bottom = 24, right = 64, above = 12;
    return {
      width, height, low, top, left,
      x: (n) => left + (width - left - right) * Math.log2(n) / 6,
      y: (error) => above + (height - above - bottom) * (top - Math.log10(Math.max(error, 1e-6))) / (top - low),
    };
  }

  axes(scale) {
    const lines = [];
    for (let decade = scale.low; decade <= scale.top; decade++) {
      const value = 10 ** decade, y = scale.y(value);
      const label = decade < -3 ? `1e${decade}` : value.toFixed(Math.max(0, -decade));
      lines.push(this.make("line", { class: "grid", x1: scale.left, x2: scale.x(64), y1: y, y2: y }),
                 this.make("text", { x: scale.left - 8, y: y + 4, "text-anchor": "end" }, label));
    }
    const y1 = scale.y(10 ** scale.top), y2 = scale.y(10 ** scale.low);
    for (let n = 1; n <= 64; n *= 2) {
      const x = scale.x(n);
      lines.push(this.make("line", { class: "grid", x1: x, x2: x, y1, y2 }),
                 this.make("text", { x, y: scale.height - 6, "text-anchor": "middle" }, String(n)));
    }
    return lines;
  }

  curve(scale, { name, points, now }) {
    const made = [], letter = name.toLowerCase(), sorted = [...points].sort((a, b) => a[0] - b[0]);
    if (sorted.length) {
      const path = sorted.map(([n, error]) => `${scale.x(n).toFixed(1)},${scale.y(error).toFixed(1)}`).join(" ");
      const [n, error] = sorted[sorted.length - 1], below = letter === "a" ? -2 : 10;
      made.push(this.make("polyline", { class: `curve ${letter}`, points: path }),
                this.make("text", { class: letter, x: scale.x(n) + 8, y: scale.y(error) + below }, `side ${name}`));
    }
    if (now) {
      made.push(this.make("circle", { class: letter, cx: scale.x(now[0]), cy: scale.y(now[1]), r: 4.5 }));
    }
    return made;
  }

  /* curves: [{name: "A", points: [[evaluations, error]], now: [evaluations, error] or null}] */
  draw(curves) {
    this.curves = curves;
    const errors = curves.flatMap(({ points, now }) => [...points, ...(now ? [now] : [])]).map((point) => point[1]);
    const scale = this.scales(errors.length ? errors : [0.01, 1]);
    this.svg.setAttribute("viewBox", `0 0 ${scale.width} ${scale.height}`);
    this.svg.replaceChildren(...this.axes(scale), ...curves.flatMap((one) => this.curve(scale, one)));
  }
};
