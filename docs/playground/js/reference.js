"use strict";
/* Converged ends of the first particles: for the flow, and for an SDE along the same Brownian paths. Each is run twice,
 * once with half the evaluations: how far the two are apart tells how good the reference is. */

playground.REFERENCE_COUNT = 1000;
playground.REFERENCE = {
  flow: { solver: "rk4", evaluations: 192 },
  noise: { solver: "sa-2", evaluations: 1024 },
};

playground.References = class References {
  constructor(library) {
    this.library = library;
    this.done = new Map(); // by key: {ends, accuracy}
    this.work = null;
    this.wanted = [];
  }

  key(shape, seed, k) {
    return [shape, seed, k].join(" ");
  }

  get(shape, seed, k) {
    return this.done.get(this.key(shape, seed, k)) || null;
  }

  /* What is not in the list any more is not finished. list: [{shape, seed, k}] */
  want(list) {
    this.wanted = list.filter(({ shape, seed, k }) => !this.get(shape, seed, k));
    if (this.work && !this.wanted.some((one) => this.key(one.shape, one.seed, one.k) === this.work.key)) {
      this.drop();
    }
  }

  drop() {
    if (this.work.run) {
      this.work.run.free();
    }
    this.work = null;
  }

  start(one, half) {
    const recipe = one.k > 0 ? playground.REFERENCE.noise : playground.REFERENCE.flow, run = this.library.run();
    run.plan({
      schedule: this.library.find("schedule", "linear"), grid: this.library.find("grid", "time"), k: one.k,
      solver: this.library.find("solver", recipe.solver), evaluations: recipe.evaluations / (half ? 2 : 1),
    });
    run.begin(one.shape, one.seed, playground.REFERENCE_COUNT, false);
    return run;
  }

  finish() {
    const ends = this.work.run.end().slice();
    this.work.run.free();
    if (!this.work.half) {
      this.work = { ...this.work, half: ends, run: this.start(this.work.one, false) };
      return false;
    }
    this.done.set(this.work.key, { ends, accuracy: this.library.rms(this.work.half, ends) });
    this.wanted = this.wanted.filter((one) => this.key(one.shape, one.seed, one.k) !== this.work.key);
    this.work = null;
    return true;
  }

  /* Works until the time is used up. Returns true when a reference was finished. */
  advance(until) {
    let finished = false;
    while ((this.work || this.wanted.length) && performance.now() < until) {
      if (!this.work) {
        const one = this.wanted[0];
        this.work = { one, key: this.key(one.shape, one.seed, one.k), half: null, run: this.start(one, true) };
      }
      if (this.work.run.rows(1) !== playground.EVALUATE) {
        finished = this.finish() || finished;
      }
    }
    return finished;
  }
};
