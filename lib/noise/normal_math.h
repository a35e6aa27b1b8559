/* Box-Muller in float32 arithmetic: a template, for one value or for a vector of them. Before including it define
 *   NAME(f)                    f with a suffix
 *   INLINE                     what a function here begins with: static inline, a target
 *   ITP_F, ITP_U, ITP_I        float, uint32_t, int32_t, or vectors of them
 *   NAME(bits), NAME(floats)   the same bits as ITP_U, as ITP_F
 *   NAME(convert)              ITP_I to ITP_F by value
 *   NAME(where_zero)           (ITP_F k, a, b): a where k is 0, b elsewhere
 *
 * The bits of every normal are part of the interface: they must come out the same from any compiler, vector width and
 * processor. So every operation here is an integer operation or an IEEE float32 add, multiply or square root in a fixed
 * order, and conversions and the reductions of both arguments are exact or rounded once. The build must not contract
 * a * b + c into one rounding (-ffp-contract=off) and must not reassociate (-ffast-math). */

/* -2 log(1 + f), sqrt(1/2) - 1 <= f <= sqrt(2) - 1; our minimax fit of the terms from f^3 on. */
INLINE ITP_F NAME(minus_two_log1p)(ITP_F f)
{
    ITP_F q = f * 0x1.482cfep-3F - 0x1.0be4bcp-2F;
    q = q * f + 0x1.0d2e34p-2F;
    q = q * f - 0x1.219c90p-2F;
    q = q * f + 0x1.545e62p-2F;
    q = q * f - 0x1.99b418p-2F;
    q = q * f + 0x1.0002b2p-1F;
    q = q * f - 0x1.55551ep-1F;
    ITP_F square = f * f;
    return (square * f * q + square) - 2.0F * f;
}

/* -2 log u, u = (w + 1/2) 2^-32. With u = 2^k (1 + f): above sqrt(1/2), where k = 0, the result is about 2 (1 - u), and
 * only 1 - u keeps its relative precision. The halves of w are exact, with 1/2 added to the lower one as the difference
 * of two neighbours of 2^-9; so u and 1 - u are rounded once. */
INLINE ITP_F NAME(minus_two_log_uniform)(ITP_U w)
{
    const uint32_t sqrt_half = 0x3F3504F3U;
    ITP_F high = NAME(convert)((ITP_I)(w >> 16)) * 0x1p-16F;
    ITP_F low = NAME(floats)((w & 0xFFFFU) | 0x3B000000U) - 0x1.fffffep-10F;
    ITP_U shifted = NAME(bits)(high + low) + (0x3F800000U - sqrt_half);
    ITP_F k = NAME(convert)((ITP_I)(shifted >> 23)) - 127.0F;
    ITP_F rest = NAME(floats)((shifted & 0x7FFFFFU) + sqrt_half) - 1.0F;
    ITP_F f = NAME(where_zero)(k, (high - 1.0F) + low, rest);
    return k * -0x1.62e430p+0F + NAME(minus_two_log1p)(f);
}

/* cos and sin of 2 pi w 2^-32. The nearest quarter turn and the signed remainder, w without its upper two bits, are
 * exact; y, the remainder in eighths of a turn, is rounded once, relative to itself: so both results are accurate
 * relative to themselves, also near 0. */
INLINE void NAME(turn)(ITP_U w, ITP_F *cosine, ITP_F *sine)
{
    const uint32_t sign = 0x80000000U;
    ITP_F y = NAME(convert)((ITP_I)(w << 2)) * 0x1p-31F;
    ITP_F z = y * y;
    ITP_F s = ((z * -0x1.33198ep-15F + 0x1.4680a4p-9F) * z - 0x1.4abc24p-4F) * z + 0x1.921fb6p-1F;
    ITP_F c = ((z * 0x1.d4f7eep-19F - 0x1.55b2b6p-12F) * z + 0x1.03c1b0p-6F) * z - 0x1.3bd3ccp-2F;
    s = s * y;
    c = c * z + 1.0F;
    ITP_U half = w + 0x20000000U, quarter = half << 1; /* the quarter turn's bits, each on top */
    ITP_U differ = (NAME(bits)(s) ^ NAME(bits)(c)) & (0U - (quarter >> 31));
    *cosine = NAME(floats)(NAME(bits)(c) ^ differ ^ ((half ^ quarter) & sign));
    *sine = NAME(floats)(NAME(bits)(s) ^ differ ^ (half & sign));
}
