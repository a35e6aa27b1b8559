"use strict";
/* The error of one side's settings at other numbers of evaluations, over the particles of the reference. */

playground.CURVE = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];

playground.Curve = class Curve {
  constructor(library) {
    this.library = library;
    this.key = "";
    this.points = []; // [evaluations made, error]
    this.left = [];
    this.run = null;
  }

  /* settings and {shape, seed}; reference: {ends}, or null for no curve. */
  want(settings, scene, reference) {
    const { schedule, solver, grid, k } = settings;
    const key = [schedule, solver, grid, k, scene.shape, scene.seed].join(" ");
    if (key === this.key && reference === this.reference) {
      return;
    }
    this.drop();
    Object.assign(this, { key, settings, scene, reference, points: [], left: reference ? [...playground.CURVE] : [] });
  }

  drop() {
    if (this.run) {
      this.run.free();
    }
    this.run = null;
  }

  /* The next number of evaluations that the solver can make use of. */
  start() {
    const evaluations = this.left.shift(), run = this.library.run();
    if (run.plan({ ...this.settings, evaluations }) !== null) {
      run.free();
      return;
    }
    this.run = run;
    run.begin(this.scene.shape, this.scene.seed, this.reference.ends.length / 2, false);
  }

  finish() {
    const made = this.run.info().rows, error = this.library.rms(this.run.end().slice(), this.reference.ends);
    if (Number.isFinite(error) && !this.points.some((point) => point[0] === made)) {
      this.points.push([made, error]);
    }
    this.drop();
  }

  /* Works until the time is used up. Returns true when there is a new point. */
  advance(until) {
    let changed = false;
    while ((this.run || this.left.length) && performance.now() < until) {
      if (!this.run) {
        this.start();
      } else if (this.run.rows(1) !== playground.EVALUATE) {
        this.finish();
        changed = true;
      }
    }
    return changed;
  }

  idle() {
    return !this.run && !this.left.length;
  }
};
