// All of it is inline in the header; a package's target has to have a source file.
#include "CKernelShims.h"
