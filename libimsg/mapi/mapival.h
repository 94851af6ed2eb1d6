/* mapival.h - whether structures make sense: TRUE means that they do not
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef IMSG_MAPI_MAPIVAL_H
#define IMSG_MAPI_MAPIVAL_H

#include "mapiutil.h"

EXTERN_C_START

IMSG_MAPI_API ULONG FBadPropTag (ULONG ulPropTag);
IMSG_MAPI_API ULONG FBadProp (LPSPropValue lpprop);
IMSG_MAPI_API ULONG FBadRow (LPSRow lprow);
IMSG_MAPI_API ULONG FBadRestriction (LPSRestriction lpres);
IMSG_MAPI_API ULONG FBadSortOrderSet (LPSSortOrderSet lpsos);
IMSG_MAPI_API ULONG FBadColumnSet (LPSPropTagArray lpptaCols);
IMSG_MAPI_API BOOL FBadRowSet (LPSRowSet lpRowSet);
IMSG_MAPI_API BOOL FBadEntryList (LPENTRYLIST lpEntryList);
IMSG_MAPI_API BOOL FBadRglpszW (LPWSTR *lppszW, ULONG cStrings);
IMSG_MAPI_API BOOL FBadRglpNameID (LPMAPINAMEID *lppNameId, ULONG cNames);

EXTERN_C_END

#define FBadPropVal(p) FAILED (ScCountProps (1, (p), NULL))
#define FBadRgPropVal(p, n) FAILED (ScCountProps ((int) (n), (p), NULL))
#define FBadAdrList(p) FBadRowSet ((LPSRowSet) (p))

#endif
