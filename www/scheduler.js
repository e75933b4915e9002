// The entry of every page that schedules by itself. Short-lived, it names the folder in which all else lives.
export * from './__ASSETS__/scheduler/index.js';
