"use strict";
/* The particles of a finished run at any moment. For the flow the library says so at once. With noise the path between
 * two rows is a Brownian bridge of each particle's own, which takes longer than a frame has: then frames are made
 * ahead, from coarse to fine, and what lies between two of them is drawn straight. */

playground.FRAMES = 128;

playground.Frames = class Frames {
  constructor(run, view, noisy) {
    this.run = run;
    this.view = view;
    this.cache = noisy ? new Array(playground.FRAMES + 1).fill(null) : null;
    this.order = noisy ? playground.Frames.coarseToFine(playground.FRAMES) : [];
    this.mixed = noisy ? new Float32Array(2 * run.count) : null;
  }

  static coarseToFine(last) {
    const seen = new Set();
    for (let parts = 1; parts <= last * 2; parts *= 2) {
      for (let i = 0; i <= parts; i++) {
        seen.add(Math.round(i * last / parts));
      }
    }
    return [...seen];
  }

  /* Makes frames until the time is used up. */
  prepare(until) {
    while (this.order.length && performance.now() < until) {
      const i = this.order.shift(), made = this.run.particles(this.view, i / playground.FRAMES);
      this.cache[i] = made && made.slice();
    }
  }

  left() {
    return this.order.length;
  }

  ready() {
    return this.left() === 0;
  }

  at(moment) {
    if (!this.cache) {
      return this.run.particles(this.view, moment);
    }
    const place = moment * playground.FRAMES;
    let low = Math.floor(place), high = Math.min(low + 1, playground.FRAMES);
    while (low > 0 && !this.cache[low]) {
      low--;
    }
    while (high < playground.FRAMES && !this.cache[high]) {
      high++;
    }
    const a = this.cache[low], b = this.cache[high], part = high > low ? (place - low) / (high - low) : 0;
    if (!a || !b || part === 0) {
      return a || b;
    }
    for (let i = 0; i < a.length; i++) {
      this.mixed[i] = a[i] + part * (b[i] - a[i]);
    }
    return this.mixed;
  }
};
