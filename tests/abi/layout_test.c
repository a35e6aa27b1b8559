/* The layout of every public struct on LP64 machines. Fields are only ever appended, with a line of their own; what
 * stands in this file never changes after a release. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <interp/interp.h>

#if defined(__LP64__)
#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), "sizeof " #type)
#define AT(type, field, offset) _Static_assert(offsetof(type, field) == (offset), #type "." #field)

SIZE(itp_allocator, 32);
AT(itp_allocator, size, 0);
AT(itp_allocator, alloc, 8);
AT(itp_allocator, free, 16);
AT(itp_allocator, user, 24);

SIZE(itp_log, 24);
AT(itp_log, size, 0);
AT(itp_log, write, 8);
AT(itp_log, user, 16);

SIZE(itp_error, 528);
AT(itp_error, size, 0);
AT(itp_error, status, 8);
AT(itp_error, reserved, 12);
AT(itp_error, field, 16);
AT(itp_error, text, 80);

SIZE(itp_env, 48);
AT(itp_env, size, 0);
AT(itp_env, memory, 8);
AT(itp_env, log, 16);
AT(itp_env, parallel_for, 24);
AT(itp_env, parallel_user, 32);
AT(itp_env, error, 40);

SIZE(itp_noise_request, 56);
AT(itp_noise_request, size, 0);
AT(itp_noise_request, first, 8);
AT(itp_noise_request, count, 16);
AT(itp_noise_request, dim, 24);
AT(itp_noise_request, type, 32);
AT(itp_noise_request, row, 36);
AT(itp_noise_request, step, 40);
AT(itp_noise_request, draw, 44);
AT(itp_noise_request, m, 48);
AT(itp_noise_request, reserved, 52);

SIZE(itp_torch_cpu, 2528);
AT(itp_torch_cpu, seed, 0);
AT(itp_torch_cpu, seeded, 8);
AT(itp_torch_cpu, next, 12);
AT(itp_torch_cpu, waits, 16);
AT(itp_torch_cpu, reserved, 20);
AT(itp_torch_cpu, second, 24);
AT(itp_torch_cpu, word, 32);

SIZE(itp_torch_cuda, 24);
AT(itp_torch_cuda, seed, 0);
AT(itp_torch_cuda, offset, 8);
AT(itp_torch_cuda, threads, 16);

SIZE(itp_schedule_values, 40);
AT(itp_schedule_values, size, 0);
AT(itp_schedule_values, alpha, 8);
AT(itp_schedule_values, beta, 16);
AT(itp_schedule_values, dalpha, 24);
AT(itp_schedule_values, dbeta, 32);

SIZE(itp_schedule_desc, 160);
AT(itp_schedule_desc, size, 0);
AT(itp_schedule_desc, env, 8);
AT(itp_schedule_desc, kind, 16);
AT(itp_schedule_desc, clock, 20);
AT(itp_schedule_desc, k, 24);
AT(itp_schedule_desc, s, 32);
AT(itp_schedule_desc, beta_min, 40);
AT(itp_schedule_desc, beta_max, 48);
AT(itp_schedule_desc, sigma_max, 56);
AT(itp_schedule_desc, sigma_data, 64);
AT(itp_schedule_desc, alphas_cumprod, 72);
AT(itp_schedule_desc, alpha, 80);
AT(itp_schedule_desc, beta, 88);
AT(itp_schedule_desc, count, 96);
AT(itp_schedule_desc, user_parts, 100);
AT(itp_schedule_desc, values, 104);
AT(itp_schedule_desc, inverse, 112);
AT(itp_schedule_desc, user, 120);
AT(itp_schedule_desc, beta_start, 128);
AT(itp_schedule_desc, beta_end, 136);
AT(itp_schedule_desc, beta_count, 144);
AT(itp_schedule_desc, betas, 148);
AT(itp_schedule_desc, zero_snr, 152);
AT(itp_schedule_desc, reserved, 156);

SIZE(itp_schedule_point, 88);
AT(itp_schedule_point, size, 0);
AT(itp_schedule_point, t, 8);
AT(itp_schedule_point, alpha, 16);
AT(itp_schedule_point, beta, 24);
AT(itp_schedule_point, dalpha, 32);
AT(itp_schedule_point, dbeta, 40);
AT(itp_schedule_point, u, 48);
AT(itp_schedule_point, r, 56);
AT(itp_schedule_point, lambda, 64);
AT(itp_schedule_point, W, 72);
AT(itp_schedule_point, eps_star, 80);

SIZE(itp_conversion, 48);
AT(itp_conversion, size, 0);
AT(itp_conversion, tau, 8);
AT(itp_conversion, c, 16);
AT(itp_conversion, dtau, 24);
AT(itp_conversion, dc, 32);
AT(itp_conversion, eps, 40);

SIZE(itp_diffusion, 64);
AT(itp_diffusion, size, 0);
AT(itp_diffusion, kind, 8);
AT(itp_diffusion, reserved, 12);
AT(itp_diffusion, k, 16);
AT(itp_diffusion, k_fn, 24);
AT(itp_diffusion, norm, 32);
AT(itp_diffusion, schedule, 40);
AT(itp_diffusion, fn, 48);
AT(itp_diffusion, user, 56);

SIZE(itp_grid, 112);
AT(itp_grid, size, 0);
AT(itp_grid, kind, 8);
AT(itp_grid, node_count, 12);
AT(itp_grid, nodes, 16);
AT(itp_grid, shift, 24);
AT(itp_grid, terminal, 32);
AT(itp_grid, rho, 40);
AT(itp_grid, beta_a, 48);
AT(itp_grid, beta_b, 56);
AT(itp_grid, sigma_max, 64);
AT(itp_grid, sigma_min, 72);
AT(itp_grid, deviation, 80);
AT(itp_grid, u_start, 88);
AT(itp_grid, u_end, 96);
AT(itp_grid, steps_offset, 104);
AT(itp_grid, reversed, 108);

SIZE(itp_model, 56);
AT(itp_model, size, 0);
AT(itp_model, schedule, 8);
AT(itp_model, prediction, 16);
AT(itp_model, time, 20);
AT(itp_model, sigma_data, 24);
AT(itp_model, affine, 32);
AT(itp_model, time_fn, 40);
AT(itp_model, user, 48);

SIZE(itp_tableau, 56);
AT(itp_tableau, size, 0);
AT(itp_tableau, stages, 8);
AT(itp_tableau, order, 12);
AT(itp_tableau, a, 16);
AT(itp_tableau, b, 24);
AT(itp_tableau, c, 32);
AT(itp_tableau, embedded, 40);
AT(itp_tableau, embedded_order, 48);
AT(itp_tableau, embedded_count, 52);

SIZE(itp_restart, 24);
AT(itp_restart, low, 0);
AT(itp_restart, high, 8);
AT(itp_restart, steps, 16);
AT(itp_restart, times, 20);

SIZE(itp_solver, 128);
AT(itp_solver, size, 0);
AT(itp_solver, family, 8);
AT(itp_solver, order, 12);
AT(itp_solver, form, 16);
AT(itp_solver, variable, 20);
AT(itp_solver, weights, 24);
AT(itp_solver, corrector, 28);
AT(itp_solver, final_order, 32);
AT(itp_solver, reserved, 36);
AT(itp_solver, tableau, 40);
AT(itp_solver, eta, 48);
AT(itp_solver, s_noise, 56);
AT(itp_solver, s_churn, 64);
AT(itp_solver, s_min, 72);
AT(itp_solver, s_max, 80);
AT(itp_solver, gamma, 88);
AT(itp_solver, step_scale, 96);
AT(itp_solver, corrector_snr, 104);
AT(itp_solver, restarts, 112);
AT(itp_solver, restart_count, 120);
AT(itp_solver, reserved2, 124);

SIZE(itp_plan_desc, 80);
AT(itp_plan_desc, size, 0);
AT(itp_plan_desc, env, 8);
AT(itp_plan_desc, model, 16);
AT(itp_plan_desc, schedule, 24);
AT(itp_plan_desc, solver, 32);
AT(itp_plan_desc, grid, 40);
AT(itp_plan_desc, diffusion, 48);
AT(itp_plan_desc, evaluations, 56);
AT(itp_plan_desc, noise, 60);
AT(itp_plan_desc, start, 64);
AT(itp_plan_desc, last, 68);
AT(itp_plan_desc, singular, 72);
AT(itp_plan_desc, ends, 76);

SIZE(itp_plan_info, 112);
AT(itp_plan_info, size, 0);
AT(itp_plan_info, rows, 8);
AT(itp_plan_info, steps, 12);
AT(itp_plan_info, slots, 16);
AT(itp_plan_info, normals, 20);
AT(itp_plan_info, start_scale, 24);
AT(itp_plan_info, u_start, 32);
AT(itp_plan_info, u_end, 40);
AT(itp_plan_info, reserved, 48);
AT(itp_plan_info, carries, 52);
AT(itp_plan_info, start_data, 56);
AT(itp_plan_info, end_scale, 64);
AT(itp_plan_info, start_terms, 72);
AT(itp_plan_info, start_term_count, 80);
AT(itp_plan_info, starts_inside, 84);
AT(itp_plan_info, unspent, 88);
AT(itp_plan_info, reserved2, 92);
AT(itp_plan_info, solver, 96);
AT(itp_plan_info, amplification, 104);

SIZE(itp_term, 24);
AT(itp_term, column, 0);
AT(itp_term, index, 4);
AT(itp_term, slot, 8);
AT(itp_term, reserved, 12);
AT(itp_term, coef, 16);

SIZE(itp_plan_row, 120);
AT(itp_plan_row, size, 0);
AT(itp_plan_row, time, 8);
AT(itp_plan_row, u, 16);
AT(itp_plan_row, t, 24);
AT(itp_plan_row, terms, 32);
AT(itp_plan_row, term_count, 40);
AT(itp_plan_row, keep, 44);
AT(itp_plan_row, keep_state, 48);
AT(itp_plan_row, keep_output, 56);
AT(itp_plan_row, x_slot, 64);
AT(itp_plan_row, out_slot, 68);
AT(itp_plan_row, next_slot, 72);
AT(itp_plan_row, reserved, 76);
AT(itp_plan_row, data_state, 80);
AT(itp_plan_row, data_output, 88);
AT(itp_plan_row, scale, 96);
AT(itp_plan_row, step, 104);
AT(itp_plan_row, steps, 108);
AT(itp_plan_row, ends_step, 112);
AT(itp_plan_row, reserved2, 116);

SIZE(itp_plan_rows, 96);
AT(itp_plan_rows, size, 0);
AT(itp_plan_rows, env, 8);
AT(itp_plan_rows, rows, 16);
AT(itp_plan_rows, row_count, 24);
AT(itp_plan_rows, steps, 28);
AT(itp_plan_rows, start_scale, 32);
AT(itp_plan_rows, start_data, 40);
AT(itp_plan_rows, u_start, 48);
AT(itp_plan_rows, u_end, 56);
AT(itp_plan_rows, end_scale, 64);
AT(itp_plan_rows, start_terms, 72);
AT(itp_plan_rows, start_term_count, 80);
AT(itp_plan_rows, starts_inside, 84);
AT(itp_plan_rows, solver, 88);

SIZE(itp_plan_origin, 168);
AT(itp_plan_origin, size, 0);
AT(itp_plan_origin, network, 8);
AT(itp_plan_origin, seed, 72);
AT(itp_plan_origin, first, 80);
AT(itp_plan_origin, count, 88);
AT(itp_plan_origin, held_out, 96);
AT(itp_plan_origin, before, 104);
AT(itp_plan_origin, before_held_out, 112);
AT(itp_plan_origin, after, 120);
AT(itp_plan_origin, after_held_out, 128);
AT(itp_plan_origin, guidance, 136);
AT(itp_plan_origin, guidance_low, 144);
AT(itp_plan_origin, guidance_high, 152);
AT(itp_plan_origin, ridge, 160);

SIZE(itp_request, 176);
AT(itp_request, size, 0);
AT(itp_request, x, 8);
AT(itp_request, out, 16);
AT(itp_request, count, 24);
AT(itp_request, dim, 32);
AT(itp_request, time, 40);
AT(itp_request, u, 48);
AT(itp_request, row, 56);
AT(itp_request, rows, 60);
AT(itp_request, type, 64);
AT(itp_request, reserved, 68);
AT(itp_request, first, 72);
AT(itp_request, out2, 80);
AT(itp_request, guidance, 88);
AT(itp_request, data_state, 96);
AT(itp_request, data_output, 104);
AT(itp_request, step, 112);
AT(itp_request, steps, 116);
AT(itp_request, ends_step, 120);
AT(itp_request, reserved2, 124);
AT(itp_request, times, 128);
AT(itp_request, positions, 136);
AT(itp_request, guidances, 144);
AT(itp_request, data_states, 152);
AT(itp_request, data_outputs, 160);
AT(itp_request, index, 168);

SIZE(itp_batch, 176);
AT(itp_batch, size, 0);
AT(itp_batch, env, 8);
AT(itp_batch, dim, 16);
AT(itp_batch, count, 24);
AT(itp_batch, seed, 32);
AT(itp_batch, first, 40);
AT(itp_batch, seeds, 48);
AT(itp_batch, type, 56);
AT(itp_batch, x, 60);
AT(itp_batch, kernel, 64);
AT(itp_batch, check_finite, 68);
AT(itp_batch, guidance, 72);
AT(itp_batch, guidance_low, 80);
AT(itp_batch, guidance_high, 88);
AT(itp_batch, on_data, 96);
AT(itp_batch, on_row, 104);
AT(itp_batch, user, 112);
AT(itp_batch, row_data, 120);
AT(itp_batch, row_scaled, 124);
AT(itp_batch, row_schedule, 128);
AT(itp_batch, workspace, 136);
AT(itp_batch, workspace_bytes, 144);
AT(itp_batch, noise, 152);
AT(itp_batch, noise_user, 160);
AT(itp_batch, needed, 168);

SIZE(itp_start, 64);
AT(itp_start, size, 0);
AT(itp_start, x, 8);
AT(itp_start, data, 16);
AT(itp_start, given, 24);
AT(itp_start, reserved, 28);
AT(itp_start, count, 32);
AT(itp_start, seed, 40);
AT(itp_start, first, 48);
AT(itp_start, seeds, 56);

SIZE(itp_adaptive_desc, 152);
AT(itp_adaptive_desc, size, 0);
AT(itp_adaptive_desc, env, 8);
AT(itp_adaptive_desc, model, 16);
AT(itp_adaptive_desc, schedule, 24);
AT(itp_adaptive_desc, solver, 32);
AT(itp_adaptive_desc, rtol, 40);
AT(itp_adaptive_desc, atol, 48);
AT(itp_adaptive_desc, first_step, 56);
AT(itp_adaptive_desc, min_step, 64);
AT(itp_adaptive_desc, max_step, 72);
AT(itp_adaptive_desc, controller, 80);
AT(itp_adaptive_desc, safety, 104);
AT(itp_adaptive_desc, shrink, 112);
AT(itp_adaptive_desc, grow, 120);
AT(itp_adaptive_desc, u_start, 128);
AT(itp_adaptive_desc, u_end, 136);
AT(itp_adaptive_desc, max_evaluations, 144);
AT(itp_adaptive_desc, reversed, 148);

SIZE(itp_adaptive_statistics, 56);
AT(itp_adaptive_statistics, size, 0);
AT(itp_adaptive_statistics, status, 8);
AT(itp_adaptive_statistics, accepted, 12);
AT(itp_adaptive_statistics, rejected, 16);
AT(itp_adaptive_statistics, evaluations, 20);
AT(itp_adaptive_statistics, t, 24);
AT(itp_adaptive_statistics, t_before, 32);
AT(itp_adaptive_statistics, u, 40);
AT(itp_adaptive_statistics, step, 48);

SIZE(itp_covariance_desc, 80);
AT(itp_covariance_desc, size, 0);
AT(itp_covariance_desc, env, 8);
AT(itp_covariance_desc, dim, 16);
AT(itp_covariance_desc, rank, 24);
AT(itp_covariance_desc, mean, 32);
AT(itp_covariance_desc, variances, 40);
AT(itp_covariance_desc, basis, 48);
AT(itp_covariance_desc, rest, 56);
AT(itp_covariance_desc, floor, 64);
AT(itp_covariance_desc, kind, 72);
AT(itp_covariance_desc, reserved, 76);

SIZE(itp_covariance_estimation, 72);
AT(itp_covariance_estimation, size, 0);
AT(itp_covariance_estimation, env, 8);
AT(itp_covariance_estimation, samples, 16);
AT(itp_covariance_estimation, dim, 24);
AT(itp_covariance_estimation, count, 32);
AT(itp_covariance_estimation, rank, 40);
AT(itp_covariance_estimation, shrinkage, 48);
AT(itp_covariance_estimation, floor, 56);
AT(itp_covariance_estimation, type, 64);
AT(itp_covariance_estimation, kind, 68);

SIZE(itp_covariance_info, 72);
AT(itp_covariance_info, size, 0);
AT(itp_covariance_info, dim, 8);
AT(itp_covariance_info, rank, 16);
AT(itp_covariance_info, mean, 24);
AT(itp_covariance_info, variances, 32);
AT(itp_covariance_info, basis, 40);
AT(itp_covariance_info, rest, 48);
AT(itp_covariance_info, shrinkage, 56);
AT(itp_covariance_info, kind, 64);
AT(itp_covariance_info, reserved, 68);

SIZE(itp_covariance_plan_desc, 48);
AT(itp_covariance_plan_desc, size, 0);
AT(itp_covariance_plan_desc, env, 8);
AT(itp_covariance_plan_desc, covariance, 16);
AT(itp_covariance_plan_desc, plan, 24);
AT(itp_covariance_plan_desc, clock, 32);
AT(itp_covariance_plan_desc, bands, 36);
AT(itp_covariance_plan_desc, power, 40);

SIZE(itp_covariance_plan_info, 32);
AT(itp_covariance_plan_info, size, 0);
AT(itp_covariance_plan_info, rows, 8);
AT(itp_covariance_plan_info, bands, 12);
AT(itp_covariance_plan_info, u_start, 16);
AT(itp_covariance_plan_info, u_end, 24);

SIZE(itp_covariance_band, 40);
AT(itp_covariance_band, size, 0);
AT(itp_covariance_band, plan, 8);
AT(itp_covariance_band, mean_terms, 16);
AT(itp_covariance_band, members, 24);
AT(itp_covariance_band, s, 32);

SIZE(itp_fit_report, 104);
AT(itp_fit_report, size, 0);
AT(itp_fit_report, before, 8);
AT(itp_fit_report, before_held_out, 16);
AT(itp_fit_report, after, 24);
AT(itp_fit_report, after_held_out, 32);
AT(itp_fit_report, ridge, 40);
AT(itp_fit_report, reference_error, 48);
AT(itp_fit_report, evaluations, 56);
AT(itp_fit_report, reference_evaluations, 64);
AT(itp_fit_report, iterations, 72);
AT(itp_fit_report, parameters, 76);
AT(itp_fit_report, reference_rows, 80);
AT(itp_fit_report, start, 84);
AT(itp_fit_report, greedy, 88);
AT(itp_fit_report, starts, 92);
AT(itp_fit_report, race_evaluations, 96);

SIZE(itp_fit_expert, 88);
AT(itp_fit_expert, size, 0);
AT(itp_fit_expert, ridge, 8);
AT(itp_fit_expert, gain, 16);
AT(itp_fit_expert, no_gain, 24);
AT(itp_fit_expert, outputs, 28);
AT(itp_fit_expert, fixed_nodes, 32);
AT(itp_fit_expert, no_greedy, 36);
AT(itp_fit_expert, race, 40);
AT(itp_fit_expert, no_race, 44);
AT(itp_fit_expert, finalists, 48);
AT(itp_fit_expert, reserved, 52);
AT(itp_fit_expert, reference_solver, 56);
AT(itp_fit_expert, reference, 64);
AT(itp_fit_expert, ends, 72);
AT(itp_fit_expert, ends_out, 80);

SIZE(itp_fit_desc, 208);
AT(itp_fit_desc, size, 0);
AT(itp_fit_desc, env, 8);
AT(itp_fit_desc, model, 16);
AT(itp_fit_desc, dim, 24);
AT(itp_fit_desc, count, 32);
AT(itp_fit_desc, held_out, 40);
AT(itp_fit_desc, seed, 48);
AT(itp_fit_desc, first, 56);
AT(itp_fit_desc, seeds, 64);
AT(itp_fit_desc, type, 72);
AT(itp_fit_desc, iterations, 76);
AT(itp_fit_desc, batch, 80);
AT(itp_fit_desc, reference_rows, 88);
AT(itp_fit_desc, reserved, 92);
AT(itp_fit_desc, tolerance, 96);
AT(itp_fit_desc, starts, 104);
AT(itp_fit_desc, start_count, 112);
AT(itp_fit_desc, guidance, 120);
AT(itp_fit_desc, guidance_low, 128);
AT(itp_fit_desc, guidance_high, 136);
AT(itp_fit_desc, feature, 144);
AT(itp_fit_desc, feature_user, 152);
AT(itp_fit_desc, features, 160);
AT(itp_fit_desc, progress, 168);
AT(itp_fit_desc, progress_user, 176);
AT(itp_fit_desc, name, 184);
AT(itp_fit_desc, report, 192);
AT(itp_fit_desc, expert, 200);

SIZE(itp_apg, 48);
AT(itp_apg, size, 0);
AT(itp_apg, scale, 8);
AT(itp_apg, eta, 16);
AT(itp_apg, momentum, 24);
AT(itp_apg, threshold, 32);
AT(itp_apg, average, 40);

SIZE(itp_entry, 528);
AT(itp_entry, size, 0);
AT(itp_entry, name, 8);
AT(itp_entry, aliases, 16);
AT(itp_entry, about, 24);
AT(itp_entry, flow, 32);
AT(itp_entry, id, 40);
AT(itp_entry, others, 44);
AT(itp_entry, needs, 48);
AT(itp_entry, order, 52);
AT(itp_entry, evaluations, 56);
AT(itp_entry, takes_k, 60);
AT(itp_entry, own_noise, 64);
AT(itp_entry, reserved, 68);
AT(itp_entry, parameters, 72);

SIZE(itp_path_desc, 120);
AT(itp_path_desc, size, 0);
AT(itp_path_desc, env, 8);
AT(itp_path_desc, schedule, 16);
AT(itp_path_desc, times, 24);
AT(itp_path_desc, states, 32);
AT(itp_path_desc, dim, 40);
AT(itp_path_desc, count, 48);
AT(itp_path_desc, time_count, 56);
AT(itp_path_desc, type, 60);
AT(itp_path_desc, k, 64);
AT(itp_path_desc, k_fn, 72);
AT(itp_path_desc, k_user, 80);
AT(itp_path_desc, noise, 88);
AT(itp_path_desc, reserved, 92);
AT(itp_path_desc, seed, 96);
AT(itp_path_desc, first, 104);
AT(itp_path_desc, seeds, 112);
#endif

/* The size field of each initialiser. */
static void initialisers_carry_the_size(void **state)
{
    itp_allocator allocator = ITP_ALLOCATOR_INIT;
    itp_log log = ITP_LOG_INIT;
    itp_schedule_point point = ITP_SCHEDULE_POINT_INIT;
    itp_conversion conversion = ITP_CONVERSION_INIT;
    itp_plan_info info = ITP_PLAN_INFO_INIT;
    itp_plan_row row = ITP_PLAN_ROW_INIT;
    itp_request request = ITP_REQUEST_INIT;
    itp_adaptive_statistics statistics = ITP_ADAPTIVE_STATISTICS_INIT;
    itp_apg apg = ITP_APG_INIT;
    itp_plan_origin origin = ITP_PLAN_ORIGIN_INIT;
    itp_fit_report report = ITP_FIT_REPORT_INIT;
    (void)state;
    assert_int_equal(allocator.size, sizeof allocator);
    assert_int_equal(log.size, sizeof log);
    assert_int_equal(point.size, sizeof point);
    assert_int_equal(conversion.size, sizeof conversion);
    assert_int_equal(info.size, sizeof info);
    assert_int_equal(row.size, sizeof row);
    assert_int_equal(request.size, sizeof request);
    assert_int_equal(statistics.size, sizeof statistics);
    assert_int_equal(apg.size, sizeof apg);
    assert_int_equal(origin.size, sizeof origin);
    assert_int_equal(report.size, sizeof report);
}

/* Zero is the default of every field: the initialiser is the size and nothing else. */
#define SIZE_ALONE(type, initialiser) \
    do { \
        const type given = initialiser; \
        type cleared; \
        memset(&cleared, 0, sizeof cleared); \
        cleared.size = sizeof cleared; \
        assert_memory_equal(&given, &cleared, sizeof given); \
    } while (0)

static void zero_is_the_default(void **state)
{
    (void)state;
    SIZE_ALONE(itp_env, ITP_ENV_INIT);
    SIZE_ALONE(itp_error, ITP_ERROR_INIT);
    SIZE_ALONE(itp_schedule_desc, ITP_SCHEDULE_DESC_INIT);
    SIZE_ALONE(itp_batch, ITP_BATCH_INIT);
    SIZE_ALONE(itp_path_desc, ITP_PATH_DESC_INIT);
    SIZE_ALONE(itp_apg, ITP_APG_INIT);
    SIZE_ALONE(itp_covariance_desc, ITP_COVARIANCE_DESC_INIT);
    SIZE_ALONE(itp_covariance_estimation, ITP_COVARIANCE_ESTIMATION_INIT);
    SIZE_ALONE(itp_covariance_plan_desc, ITP_COVARIANCE_PLAN_DESC_INIT);
    SIZE_ALONE(itp_adaptive_desc, ITP_ADAPTIVE_DESC_INIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(initialisers_carry_the_size),
        cmocka_unit_test(zero_is_the_default),
    };
    return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
