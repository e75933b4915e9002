// The entry of every page that shows a board. Short-lived, it names the folder in which all else lives.
export * from './__ASSETS__/element.js';
