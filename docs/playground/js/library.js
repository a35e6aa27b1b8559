"use strict";
/* libinterp as the page uses it: lists of names, and runs of particles. */

playground.EVALUATE = 1; // ITP_EVALUATE: a run has more to do
playground.LISTS = { schedule: 0, solver: 1, grid: 2, shape: 3 };
playground.NETWORK_VIEW = 0; // coordinates of the network's input; the other view is the sampling schedule's own
playground.OWN_VIEW = 1;

playground.Library = class Library {
  constructor(module) {
    this.module = module;
    this.call = module.exports;
    this.scratch = module.exports.malloc(8 * 1024);
  }

  /* [{id, name}] */
  list(kind) {
    const which = playground.LISTS[kind], found = [];
    for (let place = 0; ; place++) {
      const id = this.call.names_id(which, place), name = this.module.text(this.call.names_name(which, id));
      if (name === null) {
        return found;
      }
      found.push({ id, name });
    }
  }

  find(kind, name) {
    return this.list(kind).find((entry) => entry.name === name).id;
  }

  /* "ode": without noise; "sde": for any k; "own": with noise of its own, k = 0 only; null: not with these. */
  solverKind(schedule, solver, grid) {
    const still = this.call.names_normals(schedule, solver, grid, 0);
    const noisy = this.call.names_normals(schedule, solver, grid, 1);
    return still < 0 ? null : noisy >= 0 ? "sde" : still > 1 ? "own" : "ode";
  }

  version() {
    const v = this.call.names_version();
    return `${Math.floor(v / 1e6)}.${Math.floor(v / 1000) % 1000}.${v % 1000}`;
  }

  run() {
    return new playground.Run(this);
  }

  /* A fresh sample of the data: an array [count][2] of the page's own. */
  data(shape, seed, count) {
    const at = this.call.view_data(shape, seed, count), copy = this.module.floats(at, 2 * count).slice();
    this.call.free(at);
    return copy;
  }

  /* The distance between the laws of two arrays [count][2]. */
  lawDistance(a, b) {
    return this.compare("distance_laws", a, b);
  }

  rms(a, b) {
    return this.compare("distance_rms", a, b);
  }

  compare(name, a, b) {
    const at = this.call.malloc(8 * a.length), both = this.module.floats(at, 2 * a.length);
    both.set(a);
    both.set(b, a.length);
    const result = this.call[name](at, at + 4 * a.length, a.length / 2);
    this.call.free(at);
    return result;
  }
};

playground.Run = class Run {
  constructor(library) {
    this.library = library;
    this.call = library.call;
    this.at = this.call.run_new();
    this.count = 0;
  }

  free() {
    this.call.run_free(this.at);
    this.at = 0;
  }

  /* settings: ids {schedule, solver, grid}, evaluations, k. Returns null, or the library's sentence. */
  plan(settings) {
    const status = this.call.run_plan(this.at, settings.schedule, settings.solver, settings.grid, settings.evaluations,
                                      settings.k);
    return status ? this.library.module.text(this.call.run_message(this.at)) : null;
  }

  begin(shape, seed, count, keep) {
    this.count = count;
    return this.call.run_begin(this.at, shape, seed, count, keep ? 1 : 0);
  }

  rows(count) {
    return this.call.run_rows(this.at, count);
  }

  end() {
    return this.library.module.floats(this.call.run_end(this.at), 2 * this.count);
  }

  /* [count][2] at a moment in [0, 1], or null while there is none. */
  particles(view, moment) {
    const at = this.call.view_particles(this.at, view, moment);
    return at ? this.library.module.floats(at, 2 * this.count) : null;
  }

  moment(view, moment) {
    const at = this.library.scratch;
    this.call.view_moment(this.at, view, moment, at);
    const [t, u, alpha, beta] = this.library.module.doubles(at, 4);
    return { t, u, alpha, beta };
  }

  info() {
    this.call.view_plan(this.at, this.library.scratch);
    const [rows, steps, slots, normals, states] = this.library.module.words(this.library.scratch, 5);
    return { rows, steps, slots, normals, states };
  }

  row(i) {
    const at = this.library.scratch, used = this.call.view_row(this.at, i, at, 1024);
    const [u, t, time, keep, keepState, keepOutput, normals, deviation, ...rest] =
      this.library.module.doubles(at, used);
    const terms = [];
    for (let j = 0; j < rest.length; j += 3) {
      terms.push({ column: rest[j], index: rest[j + 1], factor: rest[j + 2] });
    }
    return { u, t, time, keep, keepState, keepOutput, normals, deviation, terms };
  }

  text() {
    const at = this.call.view_text(this.at), text = this.library.module.text(at);
    this.call.free(at);
    return text;
  }
};
