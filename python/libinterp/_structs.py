"""The C structs of <interp/*.h>, field by field, and the functions that a program hands to the library.

Made from the headers in include/interp by bindings/generate.py: not to be edited.
"""
from __future__ import annotations

import ctypes as c

POINTER, SIZE, INT, DOUBLE, U32, U64 = c.c_void_p, c.c_size_t, c.c_int32, c.c_double, c.c_uint32, c.c_uint64

#: C struct name -> ctypes class, in the order of declaration
MIRRORS: dict[str, type[c.Structure]] = {}


def _struct(c_name: str, *groups: tuple[type, str]) -> type[c.Structure]:
    fields = [(field, kind) for kind, names in groups for field in names.split()]
    mirror = type(c_name, (c.Structure,), {"_fields_": fields, "__doc__": f"struct {c_name}"})
    MIRRORS[c_name] = mirror
    return mirror


Allocator = _struct(
    "itp_allocator",
    (SIZE, "size"),
    (POINTER, "alloc free user"))
Log = _struct(
    "itp_log",
    (SIZE, "size"),
    (POINTER, "write user"))
Error = _struct(
    "itp_error",
    (SIZE, "size"),
    (INT, "status reserved"),
    (c.c_char * 64, "field"),
    (c.c_char * 448, "text"))
Env = _struct(
    "itp_env",
    (SIZE, "size"),
    (POINTER, "memory log parallel_for parallel_user error"))
NoiseRequest = _struct(
    "itp_noise_request",
    (SIZE, "size"),
    (U64, "first"),
    (SIZE, "count dim"),
    (INT, "type row step draw"),
    (U32, "m reserved"))
TorchCpu = _struct(
    "itp_torch_cpu",
    (U64, "seed"),
    (INT, "seeded next waits reserved"),
    (DOUBLE, "second"),
    (U32 * 624, "word"))
TorchCuda = _struct(
    "itp_torch_cuda",
    (U64, "seed offset threads"))
ScheduleValues = _struct(
    "itp_schedule_values",
    (SIZE, "size"),
    (DOUBLE, "alpha beta dalpha dbeta"))
ScheduleDesc = _struct(
    "itp_schedule_desc",
    (SIZE, "size"),
    (POINTER, "env"),
    (INT, "kind clock"),
    (DOUBLE, "k s beta_min beta_max sigma_max sigma_data"),
    (POINTER, "alphas_cumprod alpha beta"),
    (INT, "count user_parts"),
    (POINTER, "values inverse user"),
    (DOUBLE, "beta_start beta_end"),
    (INT, "beta_count betas zero_snr reserved"),
    (DOUBLE, "snr_shift"))
SchedulePoint = _struct(
    "itp_schedule_point",
    (SIZE, "size"),
    (DOUBLE, "t alpha beta dalpha dbeta u r lambda W eps_star"))
Conversion = _struct(
    "itp_conversion",
    (SIZE, "size"),
    (DOUBLE, "tau c dtau dc eps"))
Diffusion = _struct(
    "itp_diffusion",
    (SIZE, "size"),
    (INT, "kind reserved"),
    (DOUBLE, "k"),
    (POINTER, "k_fn"),
    (DOUBLE, "norm"),
    (POINTER, "schedule fn user"))
Grid = _struct(
    "itp_grid",
    (SIZE, "size"),
    (INT, "kind node_count"),
    (POINTER, "nodes"),
    (DOUBLE, "shift terminal rho beta_a beta_b sigma_max sigma_min deviation u_start u_end"),
    (INT, "steps_offset reversed"))
Model = _struct(
    "itp_model",
    (SIZE, "size"),
    (POINTER, "schedule"),
    (INT, "prediction time"),
    (DOUBLE, "sigma_data"),
    (POINTER, "affine time_fn user"))
Tableau = _struct(
    "itp_tableau",
    (SIZE, "size"),
    (INT, "stages order"),
    (POINTER, "a b c embedded"),
    (INT, "embedded_order embedded_count"))
Restart = _struct(
    "itp_restart",
    (DOUBLE, "low high"),
    (INT, "steps times"))
Solver = _struct(
    "itp_solver",
    (SIZE, "size"),
    (INT, "family order form variable weights corrector final_order reserved"),
    (POINTER, "tableau"),
    (DOUBLE, "eta s_noise s_churn s_min s_max gamma step_scale corrector_snr"),
    (POINTER, "restarts"),
    (INT, "restart_count reserved2"))
PlanDesc = _struct(
    "itp_plan_desc",
    (SIZE, "size"),
    (POINTER, "env model schedule solver grid diffusion"),
    (INT, "evaluations noise start last singular ends"))
PlanInfo = _struct(
    "itp_plan_info",
    (SIZE, "size"),
    (INT, "rows steps slots normals"),
    (DOUBLE, "start_scale u_start u_end"),
    (INT, "reserved carries"),
    (DOUBLE, "start_data end_scale"),
    (POINTER, "start_terms"),
    (INT, "start_term_count starts_inside unspent reserved2"),
    (c.c_char_p, "solver"),
    (DOUBLE, "amplification"))
Term = _struct(
    "itp_term",
    (INT, "column index slot reserved"),
    (DOUBLE, "coef"))
PlanRow = _struct(
    "itp_plan_row",
    (SIZE, "size"),
    (DOUBLE, "time u t"),
    (POINTER, "terms"),
    (INT, "term_count keep"),
    (DOUBLE, "keep_state keep_output"),
    (INT, "x_slot out_slot next_slot reserved"),
    (DOUBLE, "data_state data_output scale"),
    (INT, "step steps ends_step reserved2"))
PlanRows = _struct(
    "itp_plan_rows",
    (SIZE, "size"),
    (POINTER, "env rows"),
    (INT, "row_count steps"),
    (DOUBLE, "start_scale start_data u_start u_end end_scale"),
    (POINTER, "start_terms"),
    (INT, "start_term_count starts_inside"),
    (c.c_char_p, "solver"))
PlanOrigin = _struct(
    "itp_plan_origin",
    (SIZE, "size"),
    (c.c_char * 64, "network"),
    (U64, "seed first count held_out"),
    (DOUBLE, "before before_held_out after after_held_out guidance guidance_low guidance_high ridge"),
    (U64, "test"),
    (DOUBLE, "before_test after_test guidance_most"))
Request = _struct(
    "itp_request",
    (SIZE, "size"),
    (POINTER, "x out"),
    (SIZE, "count dim"),
    (DOUBLE, "time u"),
    (INT, "row rows type reserved"),
    (U64, "first"),
    (POINTER, "out2"),
    (DOUBLE, "guidance data_state data_output"),
    (INT, "step steps ends_step reserved2"),
    (POINTER, "times positions guidances data_states data_outputs index"))
Batch = _struct(
    "itp_batch",
    (SIZE, "size"),
    (POINTER, "env"),
    (SIZE, "dim count"),
    (U64, "seed first"),
    (POINTER, "seeds"),
    (INT, "type x kernel check_finite"),
    (DOUBLE, "guidance guidance_low guidance_high"),
    (POINTER, "on_data on_row user"),
    (INT, "row_data row_scaled"),
    (POINTER, "row_schedule workspace"),
    (SIZE, "workspace_bytes"),
    (POINTER, "noise noise_user needed"))
Start = _struct(
    "itp_start",
    (SIZE, "size"),
    (POINTER, "x data"),
    (INT, "given reserved"),
    (SIZE, "count"),
    (U64, "seed first"),
    (POINTER, "seeds"))
AdaptiveDesc = _struct(
    "itp_adaptive_desc",
    (SIZE, "size"),
    (POINTER, "env model schedule solver"),
    (DOUBLE, "rtol atol first_step min_step max_step"),
    (DOUBLE * 3, "controller"),
    (DOUBLE, "safety shrink grow u_start u_end"),
    (INT, "max_evaluations reversed"))
AdaptiveStatistics = _struct(
    "itp_adaptive_statistics",
    (SIZE, "size"),
    (INT, "status accepted rejected evaluations"),
    (DOUBLE, "t t_before u step"))
CovarianceDesc = _struct(
    "itp_covariance_desc",
    (SIZE, "size"),
    (POINTER, "env"),
    (SIZE, "dim rank"),
    (POINTER, "mean variances basis"),
    (DOUBLE, "rest floor"),
    (INT, "kind reserved"))
CovarianceEstimation = _struct(
    "itp_covariance_estimation",
    (SIZE, "size"),
    (POINTER, "env samples"),
    (SIZE, "dim count rank"),
    (DOUBLE, "shrinkage floor"),
    (INT, "type kind"))
CovarianceInfo = _struct(
    "itp_covariance_info",
    (SIZE, "size dim rank"),
    (POINTER, "mean variances basis"),
    (DOUBLE, "rest shrinkage"),
    (INT, "kind reserved"))
CovariancePlanDesc = _struct(
    "itp_covariance_plan_desc",
    (SIZE, "size"),
    (POINTER, "env covariance plan"),
    (INT, "clock bands"),
    (DOUBLE, "power"))
CovariancePlanInfo = _struct(
    "itp_covariance_plan_info",
    (SIZE, "size"),
    (INT, "rows bands"),
    (DOUBLE, "u_start u_end"))
CovarianceBand = _struct(
    "itp_covariance_band",
    (SIZE, "size"),
    (POINTER, "plan mean_terms members"),
    (DOUBLE, "s"))
FitReport = _struct(
    "itp_fit_report",
    (SIZE, "size"),
    (DOUBLE, "before before_held_out after after_held_out before_test after_test ridge reference_error"),
    (U64, "evaluations reference_evaluations"),
    (INT, "iterations parameters reference_rows start greedy starts"),
    (U64, "race_evaluations"),
    (DOUBLE, "u_last"))
FitExpert = _struct(
    "itp_fit_expert",
    (SIZE, "size"),
    (DOUBLE, "ridge gain"),
    (INT, "no_gain outputs fixed_nodes no_greedy race no_race finalists no_test"),
    (POINTER, "reference_solver reference ends ends_out"),
    (DOUBLE, "u_last"))
FitDesc = _struct(
    "itp_fit_desc",
    (SIZE, "size"),
    (POINTER, "env model"),
    (SIZE, "dim count held_out test"),
    (U64, "seed first"),
    (POINTER, "seeds"),
    (INT, "type iterations"),
    (SIZE, "batch"),
    (INT, "reference_rows reserved"),
    (DOUBLE, "tolerance"),
    (POINTER, "starts"),
    (SIZE, "start_count"),
    (DOUBLE, "guidance guidance_low guidance_high guidance_most"),
    (POINTER, "feature feature_user"),
    (SIZE, "features"),
    (POINTER, "progress progress_user"),
    (c.c_char_p, "name"),
    (POINTER, "report expert"))
Apg = _struct(
    "itp_apg",
    (SIZE, "size"),
    (DOUBLE, "scale eta momentum threshold"),
    (POINTER, "average"))
Entry = _struct(
    "itp_entry",
    (SIZE, "size"),
    (c.c_char_p, "name aliases about flow"),
    (INT, "id others needs order evaluations takes_k own_noise reserved"),
    (c.c_char * 456, "parameters"))
PathDesc = _struct(
    "itp_path_desc",
    (SIZE, "size"),
    (POINTER, "env schedule times states"),
    (SIZE, "dim count"),
    (INT, "time_count type"),
    (DOUBLE, "k"),
    (POINTER, "k_fn k_user"),
    (INT, "noise reserved"),
    (U64, "seed first"),
    (POINTER, "seeds"))
SearchReport = _struct(
    "itp_search_report",
    (SIZE, "size"),
    (U64, "evaluations reference_evaluations shared"),
    (DOUBLE, "reference_error"),
    (INT, "reference_rows names candidates refused rounds running over reserved"))
SearchEntry = _struct(
    "itp_search_entry",
    (SIZE, "size"),
    (c.c_char_p, "text"),
    (DOUBLE, "error standard_error chosen rehearsed"),
    (U64, "seeds"),
    (INT, "tested round evaluations names status reserved"))
SearchDesc = _struct(
    "itp_search_desc",
    (SIZE, "size"),
    (POINTER, "env model"),
    (c.c_char_p, "common"),
    (SIZE, "dim count test"),
    (U64, "seed first"),
    (POINTER, "seeds"),
    (INT, "type budget_count"),
    (POINTER, "budgets texts"),
    (SIZE, "text_count batch"),
    (U64, "most"),
    (INT, "exhaustive reference_rows"),
    (DOUBLE, "tolerance"),
    (POINTER, "ends ends_out"),
    (DOUBLE, "guidance guidance_low guidance_high"),
    (POINTER, "feature feature_user"),
    (SIZE, "features"),
    (POINTER, "progress progress_user"),
    (c.c_char_p, "name"))

ALLOCATOR_ALLOC = c.CFUNCTYPE(POINTER, POINTER, SIZE, SIZE)
ALLOCATOR_FREE = c.CFUNCTYPE(None, POINTER, POINTER, SIZE)
LOG_WRITE = c.CFUNCTYPE(None, POINTER, INT, c.c_char_p)
PARALLEL_FN_TASK = c.CFUNCTYPE(None, POINTER, SIZE)
PARALLEL_FN = c.CFUNCTYPE(c.c_int, POINTER, SIZE, POINTER, POINTER)
NOISE_FN = c.CFUNCTYPE(c.c_int, POINTER, c.POINTER(NoiseRequest), POINTER)
SCHEDULE_FN = c.CFUNCTYPE(c.c_int, POINTER, DOUBLE, c.POINTER(ScheduleValues))
SCHEDULE_INVERSE_FN = c.CFUNCTYPE(c.c_int, POINTER, DOUBLE, c.POINTER(DOUBLE))
K_FN = c.CFUNCTYPE(DOUBLE, POINTER, DOUBLE)
DIFFUSION_FN = c.CFUNCTYPE(DOUBLE, POINTER, DOUBLE)
AFFINE_FN = c.CFUNCTYPE(c.c_int, POINTER, c.POINTER(SchedulePoint), c.POINTER(DOUBLE), c.POINTER(DOUBLE))
TIME_FN = c.CFUNCTYPE(c.c_int, POINTER, c.POINTER(SchedulePoint), c.POINTER(DOUBLE))
DATA_FN = c.CFUNCTYPE(c.c_int, POINTER, c.POINTER(Request), POINTER)
ROW_FN = c.CFUNCTYPE(c.c_int, POINTER, c.POINTER(Request), POINTER, POINTER)
NETWORK_FN = c.CFUNCTYPE(c.c_int, POINTER, c.POINTER(Request))
FEATURE_FN = c.CFUNCTYPE(c.c_int, POINTER, POINTER, SIZE, U64, POINTER)
FIT_PROGRESS_FN = c.CFUNCTYPE(c.c_int, POINTER, c.POINTER(FitReport))
SEARCH_PROGRESS_FN = c.CFUNCTYPE(c.c_int, POINTER, c.POINTER(SearchReport))
