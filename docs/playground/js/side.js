"use strict";
/* One side: its settings, its run, its picture and its numbers. */

playground.Side = class Side {
  constructor(library, title, settings, places) {
    this.library = library;
    this.settings = settings;
    this.element = document.getElementById("side-template").content.cloneNode(true).firstElementChild;
    this.element.querySelector("h3").textContent = `Side ${title}`;
    this.element.querySelector(".stage").after(settings.form);
    this.canvas = this.element.querySelector("canvas");
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", `Particles of side ${title}`);
    places.sides.append(this.element);
    this.table = new playground.RowTable(title);
    places.tables.append(this.table.article);
    this.cloud = new playground.Cloud(this.canvas);
    this.shown = this.next = this.frames = null;
    this.view = playground.NETWORK_VIEW;
    this.shownSettings = this.error = this.reference = null;
  }

  put(name, text, small) {
    const cell = this.element.querySelector(`dd[name="${name}"]`), note = document.createElement("small");
    note.textContent = small ? ` ${small}` : "";
    cell.replaceChildren(text, note);
  }

  problem(text) {
    const line = this.element.querySelector(".problem");
    line.textContent = text || "";
    line.hidden = !text;
  }

  /* A run with the settings as they are; the one shown stays until it is done. scene: {shape, seed, count} */
  start(scene) {
    this.stop();
    const run = this.library.run(), settings = this.settings.get(), why = run.plan(settings);
    this.problem(why);
    if (why) {
      run.free();
      return;
    }
    run.begin(scene.shape, scene.seed, scene.count, true);
    this.table.show(run);
    this.next = { run, settings, scene };
  }

  stop() {
    if (this.next) {
      this.next.run.free();
      this.next = null;
    }
  }

  /* Works until the time is used up. Returns true when a new run has come to its end. */
  advance(until) {
    while (this.next && performance.now() < until) {
      const status = this.next.run.rows(1);
      if (status !== playground.EVALUATE) {
        this.take(status);
        return true;
      }
    }
    return false;
  }

  take(status) {
    const { run, settings, scene } = this.next;
    this.next = null;
    if (status < 0) {
      this.problem("The run failed: a number was not finite, or memory is short.");
      run.free();
      return;
    }
    if (this.shown) {
      this.shown.free();
    }
    this.shown = run;
    this.shownSettings = settings;
    this.shownScene = scene;
    this.colours = playground.directions(run.particles(playground.NETWORK_VIEW, 0));
    this.look(this.view);
    const { rows, steps } = run.info();
    this.put("cost", `${rows} in ${steps} ${steps === 1 ? "step" : "steps"}`);
  }

  look(view) {
    this.view = view;
    if (this.shown) {
      this.frames = new playground.Frames(this.shown, view, this.shownSettings.k > 0);
      this.trails = new playground.Trails(this.frames, this.shown.count);
    }
  }

  /* The same as the reference's, or null before there is a run. */
  keys() {
    return this.shown && { shape: this.shownScene.shape, seed: this.shownScene.seed, k: this.shownSettings.k };
  }

  /* Law: against a fresh sample of the data; `floor` is how far two such samples are apart. */
  showLaw(data, floor) {
    this.law = this.library.lawDistance(this.shown.end(), data);
    this.put("law", this.law.toFixed(3), `(data: ${floor.toFixed(3)})`);
  }

  showError(reference) {
    this.reference = reference;
    const own = this.settings.solverKind(this.shownSettings.solver) === "own";
    this.error = null;
    if (own) {
      this.put("rms", "–", "noise of its own");
    } else if (!reference) {
      this.put("rms", "…");
    } else {
      this.error = this.library.rms(this.shown.end().slice(0, reference.ends.length), reference.ends);
      this.put("rms", this.error.toFixed(4), this.shownSettings.k > 0 ? `± ${reference.accuracy.toFixed(2)}` : "");
    }
  }

  /* ends: [count][2] to be shown behind the particles, or null. */
  draw(moment, ends, trails) {
    if (!this.frames) {
      return;
    }
    const { t, u, alpha, beta } = this.shown.moment(this.view, moment);
    const zoom = this.view === playground.OWN_VIEW ? Math.max(1, Math.hypot(alpha, beta)) : 1;
    const now = this.frames.at(moment);
    this.cloud.draw(now, this.colours, zoom, ends);
    if (trails && now) {
      this.trails.draw(this.cloud, moment, now.slice(), this.colours, zoom);
    }
    this.element.querySelector(".corner").textContent =
      this.view === playground.OWN_VIEW ? `t = ${t.toFixed(3)}` : `u = ${u.toFixed(3)}`;
    this.table.mark(u);
  }
};
