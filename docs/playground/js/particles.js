"use strict";
/* The first half of the page: what both sides share, and the work of each frame. */

playground.WORK = 9; // milliseconds of a frame that computing may take
playground.FRESH = 1e6; // seeds from here on are those of fresh samples of the data

playground.Particles = class Particles {
  constructor(library, menus) {
    this.library = library;
    this.references = new playground.References(library);
    const places = { sides: document.getElementById("sides"), tables: document.getElementById("tables") };
    const starts = [
      { schedule: "linear", solver: "euler", grid: "time", evaluations: 8, k: 0 },
      { schedule: "lazy", solver: "euler", grid: "time", evaluations: 8, k: 0 },
    ];
    this.fields = Object.fromEntries(["shape", "count", "seed", "view", "show-end", "show-trails"].map(
      (id) => [id, document.getElementById(id)]));
    this.fields.shape.append(...library.list("shape").map(playground.option));
    this.sides = starts.map((start, i) => this.makeSide(menus, start, "AB"[i], places));
    this.curves = this.sides.map(() => new playground.Curve(library));
    this.chart = new playground.Chart(document.getElementById("chart"));
    this.player = new playground.Player((moment) => this.frame(moment));
    this.listen();
    this.sides.forEach((side) => side.start(this.scene()));
  }

  makeSide(menus, start, title, places) {
    const settings = new playground.Settings(menus, start, `side ${title}`, () => side.start(this.scene()));
    const side = new playground.Side(this.library, title, settings, places);
    return side;
  }

  scene() {
    return {
      shape: Number(this.fields.shape.value), count: Number(this.fields.count.value),
      seed: Math.max(0, Math.floor(Number(this.fields.seed.value) || 0)),
    };
  }

  listen() {
    const restart = () => this.sides.forEach((side) => side.start(this.scene()));
    for (const id of ["shape", "count", "seed"]) {
      this.fields[id].addEventListener("input", restart);
    }
    document.getElementById("shared").addEventListener("submit", (event) => event.preventDefault());
    document.getElementById("new-seed").addEventListener("click", () => {
      this.fields.seed.value = (Number(this.fields.seed.value) + 1) % 1e6;
      restart();
    });
    const look = () => this.sides.forEach((side) => side.look(Number(this.fields.view.value)));
    this.fields.view.addEventListener("input", look);
    look(); // browsers keep what forms were set to
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.sides.forEach((side) => side.cloud.restyle());
    });
  }

  /* Two fresh samples of the data, as many as there are particles: the first to compare with, the second to tell how
   * far samples are apart that have the same law. */
  fresh({ shape, count }) {
    const key = `${shape} ${count}`;
    if (!this.sample || this.sample.key !== key) {
      const data = this.library.data(shape, playground.FRESH, count);
      const other = this.library.data(shape, playground.FRESH + 1, count);
      this.sample = { key, data, floor: this.library.lawDistance(other, data) };
    }
    return this.sample;
  }

  finished(side) {
    if (side.shown) {
      const { data, floor } = this.fresh(side.shownScene);
      side.showLaw(data, floor);
      this.showErrors();
    }
  }

  showErrors() {
    const shown = this.sides.filter((side) => side.shown);
    this.references.want(shown.map((side) => side.keys()));
    for (const side of shown) {
      const { shape, seed, k } = side.keys();
      side.showError(this.references.get(shape, seed, k));
    }
    this.sides.forEach((side, i) => {
      const known = side.shown && side.error !== null ? side.reference : null;
      if (side.shown) {
        this.curves[i].want(side.shownSettings, side.shownScene, known);
      }
    });
    this.drawChart();
  }

  drawChart() {
    this.chart.draw(this.sides.map((side, i) => ({
      name: "AB"[i], points: this.curves[i].points,
      now: side.shown && side.error !== null ? [side.shown.info().rows, side.error] : null,
    })));
  }

  /* Runs first, then frames ahead, then references, then the chart. */
  work(until) {
    for (const side of this.sides) {
      if (side.advance(until)) {
        this.finished(side);
      }
    }
    const frames = this.sides.map((side) => side.frames).filter((one) => one && !one.ready());
    frames.sort((a, b) => b.left() - a.left()); // one side at a time, so that a picture does not wait for two
    frames.length && frames[0].prepare(until);
    if (!frames.length && this.references.advance(until)) {
      this.showErrors();
    }
    if (!frames.length && this.curves.filter((curve) => curve.advance(until)).length) {
      this.drawChart();
    }
  }

  /* Nothing is left to compute. */
  idle() {
    return this.sides.every((side) => !side.next && (!side.frames || side.frames.ready())) &&
      !this.references.work && !this.references.wanted.length && this.curves.every((curve) => curve.idle());
  }

  frame(moment) {
    this.work(performance.now() + playground.WORK);
    for (const side of this.sides) {
      side.draw(moment, this.fields["show-end"].checked && side.reference ? side.reference.ends : null,
                this.fields["show-trails"].checked);
    }
    document.getElementById("moment-value").textContent = moment.toFixed(3);
    const { rate, script, frames } = this.player.statistics;
    if (frames % 20 === 0) {
      document.getElementById("frames").textContent = `${rate.toFixed(0)} frames/s, ${script.toFixed(1)} ms each`;
    }
  }
};
