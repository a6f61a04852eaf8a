/** Where the package data comes from, and what its licence asks for. */
export const PACKAGE_DATA = {
  title: "packages.ecosyste.ms",
  path: "https://packages.ecosyste.ms",
  licence: {
    name: "CC-BY-SA-4.0",
    title: "Creative Commons Attribution-ShareAlike 4.0",
    path: "https://creativecommons.org/licenses/by-sa/4.0/",
  },
};
