/* The lane kernel's two passes by hand: what a C compiler makes of the same arithmetic, in the same
   tiles. Rows of state are those of lane_curves and lane_pools, terms those of Term. */

#include <stdint.h>
#include <string.h>

#define LANES 128
#define EACH _Pragma("GCC ivdep") for (int i = 0; i < LANES; i++)

typedef double row[LANES];

static inline double least(double a, double b) { return a < b ? a : b; }
static inline double most(double a, double b) { return a > b ? a : b; }
static inline double size(double a) { return a < 0 ? -a : a; }

static inline double power_of_e(double x) {
    double shifted = x * 1.4426950408889634 + 6755399441055744.0;
    double n = shifted - 6755399441055744.0;
    double r = (x - n * 6.93147180369123816490e-01) - n * 1.90821492927058770002e-10;
    double p = 1.0 / 479001600;
    p = p * r + 1.0 / 39916800;
    p = p * r + 1.0 / 3628800;
    p = p * r + 1.0 / 362880;
    p = p * r + 1.0 / 40320;
    p = p * r + 1.0 / 5040;
    p = p * r + 1.0 / 720;
    p = p * r + 1.0 / 120;
    p = p * r + 1.0 / 24;
    p = p * r + 1.0 / 6;
    p = p * r + 0.5;
    p = p * r + 1.0;
    p = p * r + 1.0;
    int64_t bits, scale;
    memcpy(&bits, &shifted, 8);
    scale = (int64_t)(((uint64_t)bits << 52) + ((uint64_t)1023 << 52));
    double two_to_n;
    memcpy(&two_to_n, &scale, 8);
    return p * two_to_n;
}

/* state: price, total, average, grown, both constant leverages, largest fraction */
static void bend(int first, int count, int periods, double leverage, row *restrict growths,
                 row *restrict long_kept, row *restrict short_kept, row *restrict growth,
                 row *restrict state, row *restrict ring) {
    for (int at = 0; at < count; at++) {
        int number = first + at, samples = number + 1 < periods ? number + 1 : periods;
        double inverse = 1.0 / samples;
        double *restrict sample = ring[number % periods];
        EACH {
            double price = state[0][i] * growths[at][i], old = state[2][i];
            double total = state[1][i] + (price - sample[i]), now = total * inverse;
            sample[i] = price;
            state[0][i] = price;
            state[1][i] = total;
            state[2][i] = now;
            double e = power_of_e(2.0 * leverage * (least(old, now) / most(old, now) - 1.0));
            double kept = most(2.0 * e / (1.0 + e), 1e-36);
            double gain = leverage * (growths[at][i] - 1.0);
            state[4][i] *= most(1.0 + gain, 0.0);
            state[5][i] *= most(1.0 - gain, 0.0);
            state[6][i] = most(state[6][i], 1.0 - kept);
            long_kept[at][i] = now >= old ? 1.0 : kept;
            short_kept[at][i] = now >= old ? kept : 1.0;
            growth[at][i] = growths[at][i];
        }
    }
}

struct term {
    double kept, mint_fee_step, mint_fee_max, burn_fee, cost_quiet, cost_busy, reward_cap, leverage,
        threshold, buffer, share, hedge_cost;
};

static void farm(const struct term *given, int first, int count, int slots,
                 row *restrict long_kepts, row *restrict short_kepts, row *restrict growths,
                 row *restrict s, row *restrict queue) {
    const struct term t = *given;
    for (int at = 0; at < count; at++) {
        row *restrict slot = queue + (first + at) % slots * 3;
        double *restrict long_kept = long_kepts[at];
        double *restrict short_kept = short_kepts[at];
        double *restrict growth = growths[at];
        EACH {
            double due = slot[0][i], long_due = slot[1][i], short_due = slot[2][i];
            double mint_fee = s[10][i], assets = size(due);

            double all_long = s[0][i] * t.kept, all_short = s[1][i] * t.kept;
            double long_left = most(all_long * long_kept[i], 1e-18);
            double short_left = most(all_short * short_kept[i], 1e-18);
            double l = long_left + (all_short - short_left);
            double h = short_left + (all_long - long_left);
            double ls = s[2][i], hs = s[3][i];

            int to_long = due > 0.0;
            double balance = to_long ? l : h, supply = to_long ? ls : hs, supplies = ls * hs;
            double inverse = 1.0 / (supplies * balance);
            double out = balance * inverse * (1.0 - t.burn_fee);
            double long_out = long_due * (l * hs * out), short_out = short_due * (h * ls * out);
            double bought = assets * ((1.0 - mint_fee) * (supplies * inverse) * supply);
            int fits = bought < 0x1p128 / 1e18 - supply + (to_long ? long_due : short_due);
            double paid = fits ? assets : 0.0;
            bought = fits ? bought : 0.0;
            double long_in = to_long ? paid : 0.0, long_new = to_long ? bought : 0.0;
            double short_in = paid - long_in, short_new = bought - long_new;
            l += long_in - long_out;
            h += short_in - short_out;
            ls += long_new - long_due;
            hs += short_new - short_due;
            double cash = s[12][i] + (long_out + short_out) + (assets - paid);
            double long_tokens = s[13][i] + long_new, short_tokens = s[14][i] + short_new;

            double balances = l * h;
            supplies = ls * hs;
            inverse = 1.0 / (balances * supplies);
            double of_balances = supplies * inverse, of_supplies = balances * inverse;
            double of_short = l * of_balances, of_long = h * of_balances;
            double long_rate = l * (hs * of_supplies), short_rate = h * (ls * of_supplies);
            double skew = l * of_short;
            s[0][i] = l;
            s[1][i] = h;
            s[2][i] = ls;
            s[3][i] = hs;
            s[6][i] = least(s[6][i], long_rate * s[4][i]);
            s[7][i] = least(s[7][i], short_rate * s[5][i]);
            s[4][i] = ls * of_long;
            s[5][i] = hs * of_short;
            s[8][i] = least(s[8][i], skew);
            s[9][i] = most(s[9][i], skew);

            double long_minting = s[17][i] - most(due, 0.0);
            double short_minting = s[18][i] + least(due, 0.0);
            double long_burning = s[19][i] - long_due, short_burning = s[20][i] - short_due;
            double expected = l + (long_minting - long_burning * long_rate);
            double other = h + (short_minting - short_burning * short_rate);
            double missing = other - expected, total = expected + other;
            double gap = size(missing), edge = t.threshold * total;
            int wide = gap > edge, calm = (gap < t.buffer * total) & !wide;
            int more = missing > edge, less = missing < -edge;
            double minted = least(gap * t.share, cash);
            minted = wide & (minted > 1e-9) ? minted : 0.0;
            double long_burnt = (less | calm) & (long_tokens > 1e-9) ? long_tokens : 0.0;
            double short_burnt = (more | calm) & (short_tokens > 1e-9) ? short_tokens : 0.0;
            double worth = short_tokens * short_rate + short_minting;
            worth -= long_tokens * long_rate + long_minting;
            double hedge = worth * t.leverage, held = s[15][i] * growth[i];
            s[16][i] += (held - s[15][i]) - size(hedge - held) * t.hedge_cost;
            s[15][i] = hedge;
            double ordered = more ? minted : -minted;
            s[12][i] = cash - minted;
            s[13][i] = long_tokens - long_burnt;
            s[14][i] = short_tokens - short_burnt;
            s[17][i] = long_minting + most(ordered, 0.0);
            s[18][i] = short_minting - least(ordered, 0.0);
            s[19][i] = long_burning + long_burnt;
            s[20][i] = short_burning + short_burnt;
            slot[0][i] = ordered;
            slot[1][i] = long_burnt;
            slot[2][i] = short_burnt;
        }
    }
}

/* Both passes over the same steps, so many times: the numbers of events go on. */
void both(int times, int count, int periods, int slots, const struct term *t, row *growths,
          row *moves, row *curve, row *ring, row *pool, row *queue) {
    row *short_kept = moves + count, *growth = moves + 2 * count;
    for (int time = 0; time < times; time++) {
        int first = 1 + time * count;
        bend(first, count, periods, t->leverage, growths, moves, short_kept, growth, curve, ring);
        farm(t, first, count, slots, moves, short_kept, growth, pool, queue);
    }
}

/* The pool pass alone, over moves that are there already. */
void pools(int times, int count, int slots, const struct term *t, row *moves, row *pool,
           row *queue) {
    for (int time = 0; time < times; time++)
        farm(t, 1 + time * count, count, slots, moves, moves + count, moves + 2 * count, pool,
             queue);
}
