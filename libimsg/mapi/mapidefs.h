/* mapidefs.h - MAPI's structures, macros and interfaces
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef IMSG_MAPI_MAPIDEFS_H
#define IMSG_MAPI_MAPIDEFS_H

#include "mapicode.h"
#include "objidl.h"

/* Elements that a trailing array is declared with; sizes come from the Cb macros. */
#ifndef MAPI_DIM
# define MAPI_DIM 1
#endif

typedef ULONG_PTR BOOKMARK;
typedef ULONG_PTR LHANDLE;

/* Object types */
#define MAPI_STORE 0x00000001
#define MAPI_ADDRBOOK 0x00000002
#define MAPI_FOLDER 0x00000003
#define MAPI_ABCONT 0x00000004
#define MAPI_MESSAGE 0x00000005
#define MAPI_MAILUSER 0x00000006
#define MAPI_ATTACH 0x00000007
#define MAPI_DISTLIST 0x00000008
#define MAPI_PROFSECT 0x00000009
#define MAPI_STATUS 0x0000000A
#define MAPI_SESSION 0x0000000B
#define MAPI_FORMINFO 0x0000000C

/* Flags of many methods; several values mean something else in another method. */
#define MAPI_MODIFY 0x00000001
#define MAPI_CREATE 0x00000002
#define STREAM_APPEND 0x00000004
#define MAPI_DEFERRED_ERRORS 0x00000008
#define MAPI_BEST_ACCESS 0x00000010
#define MAPI_UNICODE 0x80000000U
#ifdef UNICODE
# define fMapiUnicode MAPI_UNICODE
#else
# define fMapiUnicode 0
#endif

#define MAPI_ACCESS_MODIFY 0x00000001
#define MAPI_ACCESS_READ 0x00000002
#define MAPI_ACCESS_DELETE 0x00000004
#define MAPI_ACCESS_CREATE_HIERARCHY 0x00000008
#define MAPI_ACCESS_CREATE_CONTENTS 0x00000010
#define MAPI_ACCESS_CREATE_ASSOCIATED 0x00000020

/* --- entry identifiers --- */

#define MAPI_SHORTTERM 0x80
#define MAPI_NOTRECIP 0x40
#define MAPI_THISSESSION 0x20
#define MAPI_NOW 0x10
#define MAPI_NOTRESERVED 0x08
#define MAPI_COMPOUND 0x80

typedef struct _ENTRYID
{
  BYTE abFlags[4];
  BYTE ab[MAPI_DIM];
} ENTRYID, *LPENTRYID;

#define CbNewENTRYID(cb) (offsetof (ENTRYID, ab) + (cb))
#define CbENTRYID(cb) (offsetof (ENTRYID, ab) + (cb))
#define SizedENTRYID(n, name)                                                                       \
  struct _ENTRYID_##name                                                                            \
  {                                                                                                 \
    BYTE abFlags[4];                                                                                \
    BYTE ab[n];                                                                                     \
  } name

typedef struct _MAPIUID
{
  BYTE ab[16];
} MAPIUID, *LPMAPIUID;

#define IsEqualMAPIUID(a, b) (!memcmp ((a), (b), sizeof (MAPIUID)))

#define MAPI_ONE_OFF_UID                                                                            \
  {                                                                                                 \
    0x81, 0x2B, 0x1F, 0xA4, 0xBE, 0xA3, 0x10, 0x19, 0x9D, 0x6E, 0x00, 0xDD, 0x01, 0x0F, 0x54, 0x02  \
  }
#define MAPI_ONE_OFF_UNICODE 0x8000
#define MAPI_ONE_OFF_NO_RICH_INFO 0x0001
#define MAPI_SEND_NO_RICH_INFO 0x00010000

typedef struct _flatentry
{
  ULONG cb;
  BYTE  abEntry[MAPI_DIM];
} FLATENTRY, *LPFLATENTRY;

#define CbNewFLATENTRY(count) (offsetof (FLATENTRY, abEntry) + (count))
#define CbFLATENTRY(p) (offsetof (FLATENTRY, abEntry) + (p)->cb)

typedef struct _flatentrylist
{
  ULONG cEntries;
  ULONG cbEntries;
  BYTE  abEntries[MAPI_DIM];
} FLATENTRYLIST, *LPFLATENTRYLIST;

#define CbNewFLATENTRYLIST(count) (offsetof (FLATENTRYLIST, abEntries) + (count))
#define CbFLATENTRYLIST(p) (offsetof (FLATENTRYLIST, abEntries) + (p)->cbEntries)

typedef struct _mtsid
{
  ULONG cb;
  BYTE  ab[MAPI_DIM];
} MTSID, *LPMTSID;

#define CbNewMTSID(count) (offsetof (MTSID, ab) + (count))
#define CbMTSID(p) (offsetof (MTSID, ab) + (p)->cb)

typedef struct _flatmtsidlist
{
  ULONG cMTSIDs;
  ULONG cbMTSIDs;
  BYTE  abMTSIDs[MAPI_DIM];
} FLATMTSIDLIST, *LPFLATMTSIDLIST;

#define CbNewFLATMTSIDLIST(count) (offsetof (FLATMTSIDLIST, abMTSIDs) + (count))
#define CbFLATMTSIDLIST(p) (offsetof (FLATMTSIDLIST, abMTSIDs) + (p)->cbMTSIDs)

/* --- property types and tags --- */

#define PT_UNSPECIFIED ((ULONG) 0x0000)
#define PT_NULL ((ULONG) 0x0001)
#define PT_I2 ((ULONG) 0x0002)
#define PT_LONG ((ULONG) 0x0003)
#define PT_R4 ((ULONG) 0x0004)
#define PT_DOUBLE ((ULONG) 0x0005)
#define PT_CURRENCY ((ULONG) 0x0006)
#define PT_APPTIME ((ULONG) 0x0007)
#define PT_ERROR ((ULONG) 0x000A)
#define PT_BOOLEAN ((ULONG) 0x000B)
#define PT_OBJECT ((ULONG) 0x000D)
#define PT_I8 ((ULONG) 0x0014)
#define PT_STRING8 ((ULONG) 0x001E)
#define PT_UNICODE ((ULONG) 0x001F)
#define PT_SYSTIME ((ULONG) 0x0040)
#define PT_CLSID ((ULONG) 0x0048)
#define PT_SVREID ((ULONG) 0x00FB)
#define PT_SRESTRICTION ((ULONG) 0x00FD)
#define PT_ACTIONS ((ULONG) 0x00FE)
#define PT_BINARY ((ULONG) 0x0102)
#define PT_PTR ((ULONG) 0x0103)
#define PT_FILE_HANDLE PT_PTR
#define PT_SHORT PT_I2
#define PT_I4 PT_LONG
#define PT_FLOAT PT_R4
#define PT_R8 PT_DOUBLE
#define PT_LONGLONG PT_I8

#define MV_FLAG 0x1000
#define MV_INSTANCE 0x2000
#define MVI_FLAG (MV_FLAG | MV_INSTANCE)
#define MVI_PROP(tag) ((tag) | MVI_FLAG)

#define PT_MV_I2 (MV_FLAG | PT_I2)
#define PT_MV_LONG (MV_FLAG | PT_LONG)
#define PT_MV_R4 (MV_FLAG | PT_R4)
#define PT_MV_DOUBLE (MV_FLAG | PT_DOUBLE)
#define PT_MV_CURRENCY (MV_FLAG | PT_CURRENCY)
#define PT_MV_APPTIME (MV_FLAG | PT_APPTIME)
#define PT_MV_I8 (MV_FLAG | PT_I8)
#define PT_MV_STRING8 (MV_FLAG | PT_STRING8)
#define PT_MV_UNICODE (MV_FLAG | PT_UNICODE)
#define PT_MV_SYSTIME (MV_FLAG | PT_SYSTIME)
#define PT_MV_CLSID (MV_FLAG | PT_CLSID)
#define PT_MV_BINARY (MV_FLAG | PT_BINARY)
#define PT_MV_SHORT PT_MV_I2
#define PT_MV_I4 PT_MV_LONG
#define PT_MV_FLOAT PT_MV_R4
#define PT_MV_R8 PT_MV_DOUBLE
#define PT_MV_LONGLONG PT_MV_I8

#ifdef UNICODE
# define PT_TSTRING PT_UNICODE
# define PT_MV_TSTRING PT_MV_UNICODE
# define LPSZ lpszW
# define LPPSZ lppszW
# define MVSZ MVszW
#else
# define PT_TSTRING PT_STRING8
# define PT_MV_TSTRING PT_MV_STRING8
# define LPSZ lpszA
# define LPPSZ lppszA
# define MVSZ MVszA
#endif

/* The type comes first. */
#define PROP_TYPE_MASK ((ULONG) 0x0000FFFF)
#define PROP_TYPE(tag) (((ULONG) (tag)) & PROP_TYPE_MASK)
#define PROP_ID(tag) (((ULONG) (tag)) >> 16)
#define PROP_TAG(type, id) ((((ULONG) (id)) << 16) | ((ULONG) (type)))
#define CHANGE_PROP_TYPE(tag, type) (((ULONG) 0xFFFF0000 & (tag)) | (type))
#define PROP_ID_NULL 0
#define PROP_ID_INVALID 0xFFFF
#define PR_NULL PROP_TAG (PT_NULL, PROP_ID_NULL)

/* --- values --- */

typedef struct _SBinary
{
  ULONG  cb;
  LPBYTE lpb;
} SBinary, *LPSBinary;

typedef struct _SShortArray
{
  ULONG   cValues;
  int16_t *lpi;
} SShortArray;

typedef struct _SLongArray
{
  ULONG  cValues;
  LONG  *lpl;
} SLongArray;

typedef struct _SRealArray
{
  ULONG  cValues;
  float *lpflt;
} SRealArray;

typedef struct _SDoubleArray
{
  ULONG   cValues;
  double *lpdbl;
} SDoubleArray;

typedef struct _SCurrencyArray
{
  ULONG     cValues;
  CURRENCY *lpcur;
} SCurrencyArray;

typedef struct _SAppTimeArray
{
  ULONG   cValues;
  double *lpat;
} SAppTimeArray;

typedef struct _SDateTimeArray
{
  ULONG     cValues;
  FILETIME *lpft;
} SDateTimeArray;

typedef struct _SBinaryArray
{
  ULONG    cValues;
  SBinary *lpbin;
} SBinaryArray;

typedef struct _SLPSTRArray
{
  ULONG  cValues;
  LPSTR *lppszA;
} SLPSTRArray;

typedef struct _SWStringArray
{
  ULONG   cValues;
  LPWSTR *lppszW;
} SWStringArray;

typedef struct _SGuidArray
{
  ULONG cValues;
  GUID *lpguid;
} SGuidArray;

typedef struct _SLargeIntegerArray
{
  ULONG          cValues;
  LARGE_INTEGER *lpli;
} SLargeIntegerArray;

typedef SBinaryArray ENTRYLIST, *LPENTRYLIST;

typedef union _PV
{
  int16_t            i;
  LONG               l;
  ULONG              ul;
  LPVOID             lpv;
  float              flt;
  double             dbl;
  uint16_t           b;
  CURRENCY           cur;
  double             at;
  FILETIME           ft;
  LPSTR              lpszA;
  SBinary            bin;
  LPWSTR             lpszW;
  LPGUID             lpguid;
  LARGE_INTEGER      li;
  SShortArray        MVi;
  SLongArray         MVl;
  SRealArray         MVflt;
  SDoubleArray       MVdbl;
  SCurrencyArray     MVcur;
  SAppTimeArray      MVat;
  SDateTimeArray     MVft;
  SBinaryArray       MVbin;
  SLPSTRArray        MVszA;
  SWStringArray      MVszW;
  SGuidArray         MVguid;
  SLargeIntegerArray MVli;
  SCODE              err;
  LONG               x;
} __UPV;

/* 24 bytes, the value at 8; the pad is undefined and never compared */
typedef struct _SPropValue
{
  ULONG     ulPropTag;
  ULONG     dwAlignPad;
  union _PV Value;
} SPropValue, *LPSPropValue;

typedef struct _SPropTagArray
{
  ULONG cValues;
  ULONG aulPropTag[MAPI_DIM];
} SPropTagArray, *LPSPropTagArray;

#define CbNewSPropTagArray(n) (offsetof (SPropTagArray, aulPropTag) + (n) * sizeof (ULONG))
#define CbSPropTagArray(p) CbNewSPropTagArray ((SIZE_T) (p)->cValues)
#define SizedSPropTagArray(n, name)                                                                 \
  struct _SPropTagArray_##name                                                                      \
  {                                                                                                 \
    ULONG cValues;                                                                                  \
    ULONG aulPropTag[n];                                                                            \
  } name

typedef struct _SPropProblem
{
  ULONG ulIndex;
  ULONG ulPropTag;
  SCODE scode;
} SPropProblem, *LPSPropProblem;

typedef struct _SPropProblemArray
{
  ULONG        cProblem;
  SPropProblem aProblem[MAPI_DIM];
} SPropProblemArray, *LPSPropProblemArray;

#define CbNewSPropProblemArray(n)                                                                   \
  (offsetof (SPropProblemArray, aProblem) + (n) * sizeof (SPropProblem))
#define CbSPropProblemArray(p) CbNewSPropProblemArray ((SIZE_T) (p)->cProblem)
#define SizedSPropProblemArray(n, name)                                                             \
  struct _SPropProblemArray_##name                                                                  \
  {                                                                                                 \
    ULONG        cProblem;                                                                          \
    SPropProblem aProblem[n];                                                                       \
  } name

/* --- rows --- */

typedef struct _ADRENTRY
{
  ULONG        ulReserved1;
  ULONG        cValues;
  LPSPropValue rgPropVals;
} ADRENTRY, *LPADRENTRY;

typedef struct _ADRLIST
{
  ULONG    cEntries;
  ADRENTRY aEntries[MAPI_DIM];
} ADRLIST, *LPADRLIST;

#define CbNewADRLIST(n) (offsetof (ADRLIST, aEntries) + (n) * sizeof (ADRENTRY))
#define CbADRLIST(p) CbNewADRLIST ((SIZE_T) (p)->cEntries)
#define SizedADRLIST(n, name)                                                                       \
  struct _ADRLIST_##name                                                                            \
  {                                                                                                 \
    ULONG    cEntries;                                                                              \
    ADRENTRY aEntries[n];                                                                           \
  } name

typedef struct _SRow
{
  ULONG        ulAdrEntryPad;
  ULONG        cValues;
  LPSPropValue lpProps;
} SRow, *LPSRow;

typedef struct _SRowSet
{
  ULONG cRows;
  SRow  aRow[MAPI_DIM];
} SRowSet, *LPSRowSet;

#define CbNewSRowSet(n) (offsetof (SRowSet, aRow) + (n) * sizeof (SRow))
#define CbSRowSet(p) CbNewSRowSet ((SIZE_T) (p)->cRows)
#define SizedSRowSet(n, name)                                                                       \
  struct _SRowSet_##name                                                                            \
  {                                                                                                 \
    ULONG cRows;                                                                                    \
    SRow  aRow[n];                                                                                  \
  } name

typedef struct _SSortOrder
{
  ULONG ulPropTag;
  ULONG ulOrder;
} SSortOrder, *LPSSortOrder;

typedef struct _SSortOrderSet
{
  ULONG      cSorts;
  ULONG      cCategories;
  ULONG      cExpanded;
  SSortOrder aSort[MAPI_DIM];
} SSortOrderSet, *LPSSortOrderSet;

#define CbNewSSortOrderSet(n) (offsetof (SSortOrderSet, aSort) + (n) * sizeof (SSortOrder))
#define CbSSortOrderSet(p) CbNewSSortOrderSet ((SIZE_T) (p)->cSorts)
#define SizedSSortOrderSet(n, name)                                                                 \
  struct _SSortOrderSet_##name                                                                      \
  {                                                                                                 \
    ULONG      cSorts;                                                                              \
    ULONG      cCategories;                                                                         \
    ULONG      cExpanded;                                                                           \
    SSortOrder aSort[n];                                                                            \
  } name

/* --- names and errors --- */

#define MNID_ID 0
#define MNID_STRING 1

/* With MNID_ID only lID is set: compare it, not the union. */
typedef struct _MAPINAMEID
{
  LPGUID lpguid;
  ULONG  ulKind;
  union
  {
    LONG     lID;
    LPWSTR   lpwstrName;
    LONG_PTR lID_Reserved;
  } Kind;
} MAPINAMEID, *LPMAPINAMEID;

#define MAPI_NO_STRINGS 0x00000001
#define MAPI_NO_IDS 0x00000002

#define MAPI_ERROR_VERSION 0x00000000

typedef struct _MAPIERROR
{
  ULONG  ulVersion;
  LPTSTR lpszError;
  LPTSTR lpszComponent;
  ULONG  ulLowLevelError;
  ULONG  ulContext;
} MAPIERROR, *LPMAPIERROR;

/* --- restrictions --- */

typedef struct _SRestriction *LPSRestriction;

#define RES_AND 0x00000000
#define RES_OR 0x00000001
#define RES_NOT 0x00000002
#define RES_CONTENT 0x00000003
#define RES_PROPERTY 0x00000004
#define RES_COMPAREPROPS 0x00000005
#define RES_BITMASK 0x00000006
#define RES_SIZE 0x00000007
#define RES_EXIST 0x00000008
#define RES_SUBRESTRICTION 0x00000009
#define RES_COMMENT 0x0000000A
#define RES_COUNT 0x0000000B
#define RES_ANNOTATION 0x0000000C

#define RELOP_LT 0
#define RELOP_LE 1
#define RELOP_GT 2
#define RELOP_GE 3
#define RELOP_EQ 4
#define RELOP_NE 5
#define RELOP_RE 6

#define BMR_EQZ 0
#define BMR_NEZ 1

#define FL_FULLSTRING 0x00000000
#define FL_SUBSTRING 0x00000001
#define FL_PREFIX 0x00000002
#define FL_IGNORECASE 0x00010000
#define FL_IGNORENONSPACE 0x00020000
#define FL_LOOSE 0x00040000

typedef struct _SAndRestriction
{
  ULONG          cRes;
  LPSRestriction lpRes;
} SAndRestriction;

typedef struct _SOrRestriction
{
  ULONG          cRes;
  LPSRestriction lpRes;
} SOrRestriction;

typedef struct _SNotRestriction
{
  ULONG          ulReserved;
  LPSRestriction lpRes;
} SNotRestriction;

typedef struct _SContentRestriction
{
  ULONG        ulFuzzyLevel;
  ULONG        ulPropTag;
  LPSPropValue lpProp;
} SContentRestriction;

typedef struct _SPropertyRestriction
{
  ULONG        relop;
  ULONG        ulPropTag;
  LPSPropValue lpProp;
} SPropertyRestriction;

typedef struct _SComparePropsRestriction
{
  ULONG relop;
  ULONG ulPropTag1;
  ULONG ulPropTag2;
} SComparePropsRestriction;

typedef struct _SBitMaskRestriction
{
  ULONG relBMR;
  ULONG ulPropTag;
  ULONG ulMask;
} SBitMaskRestriction;

typedef struct _SSizeRestriction
{
  ULONG relop;
  ULONG ulPropTag;
  ULONG cb;
} SSizeRestriction;

typedef struct _SExistRestriction
{
  ULONG ulReserved1;
  ULONG ulPropTag;
  ULONG ulReserved2;
} SExistRestriction;

typedef struct _SSubRestriction
{
  ULONG          ulSubObject;
  LPSRestriction lpRes;
} SSubRestriction;

typedef struct _SCommentRestriction
{
  ULONG          cValues;
  LPSRestriction lpRes;
  LPSPropValue   lpProp;
} SCommentRestriction;

typedef struct _SAnnotationRestriction
{
  ULONG          cValues;
  LPSRestriction lpRes;
  LPSPropValue   lpProp;
} SAnnotationRestriction;

typedef struct _SCountRestriction
{
  ULONG          ulCount;
  LPSRestriction lpRes;
} SCountRestriction;

/* resCompareProps stays first: static initialisers of the three-number kinds count on it. */
typedef struct _SRestriction
{
  ULONG rt;
  union
  {
    SComparePropsRestriction resCompareProps;
    SAndRestriction          resAnd;
    SOrRestriction           resOr;
    SNotRestriction          resNot;
    SContentRestriction      resContent;
    SPropertyRestriction     resProperty;
    SBitMaskRestriction      resBitMask;
    SSizeRestriction         resSize;
    SExistRestriction        resExist;
    SSubRestriction          resSub;
    SCommentRestriction      resComment;
    SAnnotationRestriction   resAnnotation;
    SCountRestriction        resCount;
  } res;
} SRestriction;

/* --- notifications --- */

#define fnevCriticalError ((ULONG) 0x00000001)
#define fnevNewMail ((ULONG) 0x00000002)
#define fnevObjectCreated ((ULONG) 0x00000004)
#define fnevObjectDeleted ((ULONG) 0x00000008)
#define fnevObjectModified ((ULONG) 0x00000010)
#define fnevObjectMoved ((ULONG) 0x00000020)
#define fnevObjectCopied ((ULONG) 0x00000040)
#define fnevSearchComplete ((ULONG) 0x00000080)
#define fnevTableModified ((ULONG) 0x00000100)
#define fnevStatusObjectModified ((ULONG) 0x00000200)
#define fnevReservedForMapi ((ULONG) 0x40000000)
#define fnevExtended ((ULONG) 0x80000000)

#define TABLE_CHANGED 1
#define TABLE_ERROR 2
#define TABLE_ROW_ADDED 3
#define TABLE_ROW_DELETED 4
#define TABLE_ROW_MODIFIED 5
#define TABLE_SORT_DONE 6
#define TABLE_RESTRICT_DONE 7
#define TABLE_SETCOL_DONE 8
#define TABLE_RELOAD 9

typedef struct _ERROR_NOTIFICATION
{
  ULONG       cbEntryID;
  LPENTRYID   lpEntryID;
  SCODE       scode;
  ULONG       ulFlags;
  LPMAPIERROR lpMAPIError;
} ERROR_NOTIFICATION;

typedef struct _NEWMAIL_NOTIFICATION
{
  ULONG     cbEntryID;
  LPENTRYID lpEntryID;
  ULONG     cbParentID;
  LPENTRYID lpParentID;
  ULONG     ulFlags;
  LPTSTR    lpszMessageClass;
  ULONG     ulMessageFlags;
} NEWMAIL_NOTIFICATION;

typedef struct _OBJECT_NOTIFICATION
{
  ULONG           cbEntryID;
  LPENTRYID       lpEntryID;
  ULONG           ulObjType;
  ULONG           cbParentID;
  LPENTRYID       lpParentID;
  ULONG           cbOldID;
  LPENTRYID       lpOldID;
  ULONG           cbOldParentID;
  LPENTRYID       lpOldParentID;
  LPSPropTagArray lpPropTagArray;
} OBJECT_NOTIFICATION;

typedef struct _TABLE_NOTIFICATION
{
  ULONG      ulTableEvent;
  HRESULT    hResult;
  SPropValue propIndex;
  SPropValue propPrior;
  SRow       row;
  ULONG      ulPad;
} TABLE_NOTIFICATION;

typedef struct _EXTENDED_NOTIFICATION
{
  ULONG  ulEvent;
  ULONG  cb;
  LPBYTE pbEventParameters;
} EXTENDED_NOTIFICATION;

typedef struct _STATUS_OBJECT_NOTIFICATION
{
  ULONG        cbEntryID;
  LPENTRYID    lpEntryID;
  ULONG        cValues;
  LPSPropValue lpPropVals;
} STATUS_OBJECT_NOTIFICATION;

typedef struct _NOTIFICATION
{
  ULONG ulEventType;
  ULONG ulAlignPad;
  union
  {
    ERROR_NOTIFICATION         err;
    NEWMAIL_NOTIFICATION       newmail;
    OBJECT_NOTIFICATION        obj;
    TABLE_NOTIFICATION         tab;
    EXTENDED_NOTIFICATION      ext;
    STATUS_OBJECT_NOTIFICATION statobj;
  } info;
} NOTIFICATION, *LPNOTIFICATION;

typedef LONG (STDAPICALLTYPE NOTIFCALLBACK) (LPVOID lpvContext, ULONG cNotification,
                                             LPNOTIFICATION lpNotifications);
typedef NOTIFCALLBACK *LPNOTIFCALLBACK;

/* --- memory --- */

typedef SCODE (STDMETHODCALLTYPE ALLOCATEBUFFER) (ULONG cbSize, LPVOID *lppBuffer);
typedef SCODE (STDMETHODCALLTYPE ALLOCATEMORE) (ULONG cbSize, LPVOID lpObject, LPVOID *lppBuffer);
typedef ULONG (STDAPICALLTYPE FREEBUFFER) (LPVOID lpBuffer);
typedef ALLOCATEBUFFER *LPALLOCATEBUFFER;
typedef ALLOCATEMORE *LPALLOCATEMORE;
typedef FREEBUFFER *LPFREEBUFFER;

#include "mapidefs-interfaces.h"

#endif
