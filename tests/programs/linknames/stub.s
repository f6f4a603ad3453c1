// A file like this one allows functions without a body.
#include "textflag.h"
/* No
   code. */
