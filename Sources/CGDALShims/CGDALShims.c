#include "CGDALShims.h"
