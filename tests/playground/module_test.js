"use strict";
/* The page's WebAssembly without a browser: the library's golden bits, samples beside those of this machine, and the
 * network beside torch. usage: node module_test.js PAGE BUILT NATIVE */
const assert = require("node:assert");
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");
const { check, end } = require("./check.js");

const [page, built, native] = process.argv.slice(2);
const SCRIPTS = [path.join(page, "js/module.js"), path.join(page, "js/library.js"), path.join(page, "js/weights.js"),
                 path.join(page, "js/reference.js"), path.join(built, "libinterp.wasm.js"),
                 path.join(built, "garments.js")];
const GOLDEN = "5368fded1fda447c"; // of tests/unit/noise_test.c
const SAMPLES = [ // schedule, solver, grid, evaluations, k, shape
  ["linear", "euler", "time", 8, 0, 0], ["lazy", "ab2", "time", 6, 0, 1], ["vp", "dpmpp-2m", "lambda", 10, 0, 2],
  ["linear", "heun", "quadratic", 12, 0, 3], ["edm", "unipc-bh2-2", "karras", 7, 0, 0],
  ["point-mass", "euler-maruyama", "time", 16, 1, 0], ["vp", "sra1", "time", 20, 0.5, 1],
  ["sqrt", "exponential-sde", "u", 9, 2, 2], ["linear", "ddpm", "time", 10, 0, 3],
];

function worst(a, b) {
  assert.strictEqual(a.length, b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

function settingsOf(library, [schedule, solver, grid, evaluations, k]) {
  return { schedule: library.find("schedule", schedule), solver: library.find("solver", solver),
           grid: library.find("grid", grid), evaluations, k };
}

function sampleHere(library, sample) {
  const run = library.run();
  assert.strictEqual(run.plan(settingsOf(library, sample)), null);
  run.begin(sample[5], 7, 200, true);
  assert.strictEqual(run.rows(1000), 0);
  const both = [...run.end(), ...run.particles(playground.OWN_VIEW, 0.5)];
  run.free();
  return both;
}

function sampleNative(sample) {
  const text = execFileSync(native, [...sample, 7, 200].map(String), { encoding: "utf8" });
  return text.trim().split("\n").map((line) => { // C's %a
    const [, sign, digits, exponent] = /^(-?)0x([0-9a-f.]+)p([+-]\d+)$/.exec(line);
    const [whole, part = ""] = digits.split(".");
    return (sign ? -1 : 1) * parseInt(whole + part, 16) * 2 ** (Number(exponent) - 4 * part.length);
  });
}

function tensors(file) {
  const bytes = fs.readFileSync(file), length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length));
  return (name) => {
    const [from, to] = header[name].data_offsets.map((offset) => 8 + length + offset);
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset + from, bytes.byteOffset + to));
  };
}

function openNetwork(module, file) {
  const at = module.exports.malloc(file.length);
  module.bytes(at, file.length).set(file);
  const network = module.exports.garments_new(at, file.length, 10);
  module.exports.free(at);
  assert.notStrictEqual(network, 0);
  return network;
}

function garments(module, library, network, sample) {
  const { schedule, solver, grid, evaluations, k } = settingsOf(library, sample), call = module.exports;
  assert.strictEqual(call.garments_begin(network, schedule, solver, grid, evaluations, k, -1, 7, 10), 0);
  while (call.garments_row(network) === playground.EVALUATE);
  return module.floats(call.garments_pictures(network, 0), 7840).slice();
}

function rms(a, b) {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length);
}

async function main() {
  SCRIPTS.forEach((script) => vm.runInThisContext(fs.readFileSync(script, "utf8"), { filename: script }));
  const module = await playground.instantiate(playground.bytesOf(playground.wasm.base64));
  const library = new playground.Library(module), call = module.exports;

  await check("the module's version is the library's", () => {
    assert.strictEqual(library.version(), playground.wasm.version);
    return library.version();
  });
  await check("normals have the golden hash", () => {
    assert.strictEqual(call.noise_hash(library.scratch), 0);
    const [low, high] = new Uint32Array(call.memory.buffer, library.scratch, 2);
    assert.strictEqual(high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0"), GOLDEN);
    return GOLDEN;
  });
  for (const sample of SAMPLES) {
    await check(`samples are this machine's: ${sample.slice(0, 5).join(" ")}`, () => {
      const off = worst(sampleHere(library, sample), sampleNative(sample));
      assert.ok(off < 1e-5, `they are ${off} apart`);
      return off === 0 ? "the same bits" : `at most ${off.toExponential(1)} apart`;
    });
  }
  await check("every schedule and solver makes a plan, or says why not", () => {
    let made = 0, refused = 0;
    for (const schedule of library.list("schedule")) {
      for (const solver of library.list("solver")) {
        for (const k of [0, 1]) {
          const run = library.run(), grid = library.find("grid", "time");
          const why = run.plan({ schedule: schedule.id, solver: solver.id, grid, evaluations: 12, k });
          assert.ok(why === null || why.length > 10, why);
          made += why === null ? 1 : 0;
          refused += why === null ? 0 : 1;
          run.free();
        }
      }
    }
    assert.ok(made > 500);
    return `${made} plans, ${refused} sentences`;
  });
  await check("every schedule of the menu is seen from beginning to end, in its own coordinates too", () => {
    const euler = library.find("solver", "euler-maruyama"), time = library.find("grid", "time");
    const schedules = library.list("schedule").filter(({ id }) => library.solverKind(id, euler, time) !== null);
    for (const { id, name } of schedules) {
      for (const k of [0, 0.5, 1]) {
        const run = library.run();
        assert.strictEqual(run.plan({ schedule: id, solver: euler, grid: time, evaluations: 6, k }), null);
        run.begin(0, 7, 40, true);
        assert.strictEqual(run.rows(100), 0);
        for (const [view, moment] of [0, 1].flatMap((one) => [0, 0.01, 0.3, 0.5, 0.99, 1].map((when) => [one, when]))) {
          const x = run.particles(view, moment);
          assert.ok(x && x.every(Number.isFinite), `${name}, k = ${k}, view ${view}, ${moment}`);
        }
        run.free();
      }
    }
    return schedules.map(({ name }) => name).join(" ");
  });
  await check("more evaluations come closer to the converged ends", () => {
    const ends = sampleHere(library, ["linear", "rk4", "time", 192, 0, 0]);
    const errors = [4, 16, 64].map(
      (n) => rms(sampleHere(library, ["lazy", "ab2", "time", n, 0, 0]).slice(0, 400), ends));
    assert.ok(errors[0] > 2 * errors[1] && errors[1] > 2 * errors[2], String(errors));
    return errors.map((error) => error.toFixed(4)).join(", ");
  });
  await check("references are as good as they say", () => {
    const references = new playground.References(library), found = [0, 0.25, 1].map((k) => {
      references.want([{ shape: 0, seed: 7, k }]);
      while (!references.advance(Infinity));
      return [k, references.get(0, 7, k).accuracy];
    });
    assert.ok(found[0][1] < 1e-3 && found[2][1] < 0.1, String(found));
    return found.map(([k, accuracy]) => `k = ${k}: ± ${accuracy.toPrecision(2)}`).join(", ");
  });
  await check("laws: a converged run is as far from the data as a fresh sample, a coarse one further", () => {
    const data = library.data(1, 1e6, 4000), fresh = library.lawDistance(library.data(1, 1e6 + 1, 4000), data);
    const law = (evaluations) => {
      const run = library.run();
      run.plan(settingsOf(library, ["linear", "rk4", "time", evaluations, 0]));
      run.begin(1, 7, 4000, false);
      run.rows(1000);
      return library.lawDistance(run.end().slice(), data);
    };
    const fine = law(96), coarse = law(4);
    assert.ok(fine < 3 * fresh && coarse > 2 * fine, `${fresh} ${fine} ${coarse}`);
    return `fresh ${fresh.toFixed(3)}, 96 evaluations ${fine.toFixed(3)}, 4: ${coarse.toFixed(3)}`;
  });

  const packed = openNetwork(module, playground.unpackWeights(playground.weights,
                                                              playground.bytesOf(playground.weights.base64)));
  const whole = openNetwork(module, fs.readFileSync(path.join(page, "../../examples/fashion/fashion.safetensors")));
  const recorded = tensors(path.join(__dirname, "../fashion/recorded.safetensors"));
  for (const [name, network, limit] of [["float16", whole, 1e-4], ["12 bits", packed, 0.05]]) {
    await check(`velocities are torch's, weights of ${name}`, () => {
      const place = call.malloc(8 * 784), offs = [];
      for (let i = 0; i < 8; i++) {
        module.floats(place, 784).set(recorded("x").subarray(784 * i, 784 * i + 784));
        call.garments_velocity(network, place, recorded("time")[i], recorded("label")[i], place + 4 * 784);
        offs.push(worst([...module.floats(place + 4 * 784, 784)],
                        recorded("velocity").subarray(784 * i, 784 * i + 784)));
      }
      assert.ok(Math.max(...offs) < limit, String(offs));
      return `at most ${Math.max(...offs).toExponential(1)} apart`;
    });
  }
  await check("garments of the packed weights look like those of the file", () => {
    const sample = ["lazy", "ab2", "time", 8, 0];
    const off = rms(garments(module, library, packed, sample), garments(module, library, whole, sample));
    assert.ok(off < 0.02, String(off));
    return `RMS ${off.toFixed(5)} (of deviation 1)`;
  });
  end();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
