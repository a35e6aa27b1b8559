/* libinterp: few-step sampling of pretrained flow and diffusion networks. Includes every public header. */
#ifndef INTERP_INTERP_H
#define INTERP_INTERP_H

#include <interp/adaptive.h>
#include <interp/base.h>
#include <interp/covariance.h>
#include <interp/diffusion.h>
#include <interp/fit.h>
#include <interp/grid.h>
#include <interp/guidance.h>
#include <interp/kind.h>
#include <interp/model.h>
#include <interp/noise.h>
#include <interp/path.h>
#include <interp/plan.h>
#include <interp/plan_json.h>
#include <interp/sample.h>
#include <interp/sampler.h>
#include <interp/schedule.h>
#include <interp/search.h>
#include <interp/solver.h>
#include <interp/text.h>

#endif
