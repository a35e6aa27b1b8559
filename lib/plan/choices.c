/* The choices of a plan that are no more than one of two. */
#include <interp/plan.h>

#include "plan/kinds.h"

ITP_CHOICES(noise, "noise", {ITP_WORDS("path", "brownian", "increments of one Brownian path"), ITP_NOISE_PATH, 0},
            {ITP_WORDS("steps", "independent", "fresh normals in each step"), ITP_NOISE_STEPS, 0});
ITP_CHOICES(start, "start", {ITP_WORDS("evaluate", "", "the first step evaluates the network"), ITP_START_EVALUATE, 0},
            {ITP_WORDS("centred", "centered", "the data's mean is taken to be 0"), ITP_START_CENTRED, 0});
ITP_CHOICES(last, "last", {ITP_WORDS("data", "mean", "the last step lands on the data prediction"), ITP_LAST_DATA, 0},
            {ITP_WORDS("noise", "", "the last step keeps its noise"), ITP_LAST_NOISE, 0});
ITP_CHOICES(singular, "singular",
            {ITP_WORDS("flow", "", "singular steps are made without noise"), ITP_SINGULAR_FLOW, 0},
            {ITP_WORDS("error", "", "singular steps are refused"), ITP_SINGULAR_ERROR, 0});
ITP_CHOICES(ends, "ends", {ITP_WORDS("inside", "", "the network is not asked at u = 1"), ITP_ENDS_INSIDE, 0},
            {ITP_WORDS("evaluate", "", "it is, where a stage lies there"), ITP_ENDS_EVALUATE, 0});
ITP_CHOICES(column, "column", {ITP_WORDS("state", "", "x of a row"), ITP_COLUMN_STATE, 0},
            {ITP_WORDS("output", "", "what the network said, or is kept of it"), ITP_COLUMN_OUTPUT, 0},
            {ITP_WORDS("normal", "", "a draw of noise"), ITP_COLUMN_NORMAL, 0});
