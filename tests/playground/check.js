"use strict";
/* A list of named checks: prints what each measured, and ends the program with 1 when one failed. */
let failed = 0;

async function check(name, body) {
  try {
    const note = await body();
    console.log(`ok: ${name}${note ? `: ${note}` : ""}`);
  } catch (error) {
    failed++;
    console.log(`FAILED: ${name}: ${error.stack || error}`);
  }
}

module.exports = { check, end: () => process.exit(failed ? 1 : 0) };
