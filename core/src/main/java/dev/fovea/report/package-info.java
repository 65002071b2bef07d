/** Charts, contact sheets, the HTML report and TensorBoard events, drawn from plain values; knows no training. */
package dev.fovea.report;
