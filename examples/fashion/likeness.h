/* The same seeds under few and under many steps, side by side: is it the same garment? */
#ifndef FASHION_LIKENESS_H
#define FASHION_LIKENESS_H

#include "models.h"
#include "pictures.h"

/* Five lines of two blocks, at the recipe's budget and at eight times that: under the linear schedule; under the
 * recipe's, with noise from the Brownian path and with fresh noise in every step; and by sa-2 with both. */
void likeness_choose(picture *p, const recipe *base);

/* Prints how alike the two blocks of each line are. ITP_E_MEMORY without memory. */
int likeness_print(const picture *p, const models *m, size_t samples);

#endif
