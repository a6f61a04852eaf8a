// @ts-check
// What the publisher and the scripts of a published site must do alike. It runs in Deno and in the
// browser as it is.

/** Prefixes that are more than these characters share a file with others. */
const PLAIN_PREFIX = /^[a-z0-9]{2,3}$/;
/** Files that prefixes of other scripts are distributed over. */
const OTHER_FILES = 64;

/**
 * 32 bits of FNV-1a over the UTF-16 units of a text.
 * @param {string} text
 * @returns {number}
 */
export function hash(text) {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  return value >>> 0;
}

/**
 * The name of an entry's file, without ending: the id where any file system can have it as it is.
 * @param {string} id
 * @returns {string}
 */
export function fileNameOf(id) {
  if (/^[a-z0-9][a-z0-9_-]{0,79}$/.test(id)) return id;
  const readable = id.normalize("NFD").toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 60);
  // two hashes: ids that differ only in what a file name cannot have are still apart
  const key = hash(id).toString(36) + hash(`${id} `).toString(36);
  return `${readable.replace(/^-+|-+$/g, "") || "entry"}.${key}`;
}

/**
 * The number of the file that has an entry without a page of its own.
 * @param {string} key
 * @param {number} files
 * @returns {number}
 */
export function detailsFile(key, files) {
  return hash(key) % files;
}

/**
 * Text as it is searched: lowercase, without accents.
 * @param {string} text
 * @returns {string}
 */
export function searchable(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").normalize("NFC").toLowerCase();
}

/**
 * The words of searchable text.
 * @param {string} text
 * @returns {string[]}
 */
export function wordsOf(text) {
  return text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
}

/**
 * The file of the search index that has the words with this prefix.
 * @param {string} prefix
 * @returns {string}
 */
export function indexFile(prefix) {
  return PLAIN_PREFIX.test(prefix) ? prefix : `other-${hash(prefix) % OTHER_FILES}`;
}
