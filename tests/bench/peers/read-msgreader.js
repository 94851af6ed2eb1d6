// read-msgreader.js - times the npm reader of messages, @kenjiuno/msgreader
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Found through NODE_PATH, or installed into a temporary folder where there is a network.
"use strict";
const { execFileSync } = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");

const NAME = "@kenjiuno/msgreader";
const VERSION = "1.28.0";

function load() {
  try {
    return { module: require(NAME) };
  } catch (error) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "imsg-bench-npm-"));
    try {
      execFileSync("npm", ["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts",
                           "--prefix", folder, `${NAME}@${VERSION}`],
                   { stdio: "ignore", timeout: 60000 });
      return { module: require(path.join(folder, "node_modules", NAME)) };
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }
}

function readAll(MsgReader, names) {
  let nRead = 0;
  for (const name of names) {
    try {
      const bytes = fs.readFileSync(name);
      const reader = new MsgReader(bytes.buffer.slice(bytes.byteOffset,
                                                      bytes.byteOffset + bytes.length));
      const data = reader.getFileData();
      if (data.error)
        continue;
      for (const attachment of data.attachments || [])
        reader.getAttachment(attachment);
      nRead += 1;
    } catch (error) {
      // A file that it cannot read costs what it costs
    }
  }
  return nRead;
}

const names = fs.readFileSync(0, "utf8").split("\n").filter((name) => name !== "");
const { module: loaded } = load();
const MsgReader = loaded.default || loaded;
// What it complains of would be timed too
console.warn = console.error = () => {};
readAll(MsgReader, names);
// Processor time of all its threads, those that collect garbage and compile included
const start = process.cpuUsage();
const nRead = readAll(MsgReader, names);
const used = process.cpuUsage(start);
console.log(`${(used.user + used.system) / 1e3} ${nRead}`);
