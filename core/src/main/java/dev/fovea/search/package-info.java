/** Hyper-parameter search: which settings of a recipe learn best. */
package dev.fovea.search;
