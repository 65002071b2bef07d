/** Charts, contact sheets, the HTML report and TensorBoard events, drawn from plain values. */
package dev.fovea.report;
