/* mapidefs-interfaces.h - MAPI's interfaces, and the flags of their methods
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef IMSG_MAPI_MAPIDEFS_INTERFACES_H
#define IMSG_MAPI_MAPIDEFS_INTERFACES_H

#ifndef IMSG_MAPI_MAPIDEFS_H
# error "Include mapidefs.h."
#endif

#define MAPIMETHOD(method) STDMETHOD (method)
#define MAPIMETHOD_(type, method) STDMETHOD_ (type, method)
#define DECLARE_MAPI_INTERFACE(iface) DECLARE_INTERFACE (iface)
#define DECLARE_MAPI_INTERFACE_(iface, base) DECLARE_INTERFACE_ (iface, base)
#define DECLARE_MAPI_INTERFACE_PTR(iface, piface)                                                   \
  interface iface;                                                                                  \
  typedef interface iface *piface

DECLARE_MAPI_INTERFACE_PTR (IMAPIAdviseSink, LPMAPIADVISESINK);
DECLARE_MAPI_INTERFACE_PTR (IMAPIProgress, LPMAPIPROGRESS);
DECLARE_MAPI_INTERFACE_PTR (IMAPIProp, LPMAPIPROP);
DECLARE_MAPI_INTERFACE_PTR (IMAPITable, LPMAPITABLE);
DECLARE_MAPI_INTERFACE_PTR (IMessage, LPMESSAGE);
DECLARE_MAPI_INTERFACE_PTR (IAttach, LPATTACH);
/* Of other providers; never looked into here */
DECLARE_MAPI_INTERFACE_PTR (IMAPISup, LPMAPISUP);
DECLARE_MAPI_INTERFACE_PTR (IMsgStore, LPMDB);
DECLARE_MAPI_INTERFACE_PTR (IMAPIContainer, LPMAPICONTAINER);
DECLARE_MAPI_INTERFACE_PTR (IMAPIFolder, LPMAPIFOLDER);
DECLARE_MAPI_INTERFACE_PTR (IABContainer, LPABCONT);
DECLARE_MAPI_INTERFACE_PTR (IMailUser, LPMAILUSER);
DECLARE_MAPI_INTERFACE_PTR (IDistList, LPDISTLIST);
DECLARE_MAPI_INTERFACE_PTR (IProfSect, LPPROFSECT);
DECLARE_MAPI_INTERFACE_PTR (IMAPIStatus, LPMAPISTATUS);

#define MAPI_IMAPIADVISESINK_METHODS(IPURE)                                                         \
  MAPIMETHOD_ (ULONG, OnNotify) (THIS_ ULONG cNotif, LPNOTIFICATION lpNotifications) IPURE;

#undef INTERFACE
#define INTERFACE IMAPIAdviseSink
DECLARE_MAPI_INTERFACE_ (IMAPIAdviseSink, IUnknown)
{
  BEGIN_INTERFACE
  MAPI_IUNKNOWN_METHODS (PURE)
  MAPI_IMAPIADVISESINK_METHODS (PURE)
};

#define MAPI_TOP_LEVEL 0x00000001

#define MAPI_IMAPIPROGRESS_METHODS(IPURE)                                                           \
  MAPIMETHOD (Progress) (THIS_ ULONG ulValue, ULONG ulCount, ULONG ulTotal) IPURE;                  \
  MAPIMETHOD (GetFlags) (THIS_ ULONG *lpulFlags) IPURE;                                             \
  MAPIMETHOD (GetMax) (THIS_ ULONG *lpulMax) IPURE;                                                 \
  MAPIMETHOD (GetMin) (THIS_ ULONG *lpulMin) IPURE;                                                 \
  MAPIMETHOD (SetLimits) (THIS_ LPULONG lpulMin, LPULONG lpulMax, LPULONG lpulFlags) IPURE;

#undef INTERFACE
#define INTERFACE IMAPIProgress
DECLARE_MAPI_INTERFACE_ (IMAPIProgress, IUnknown)
{
  BEGIN_INTERFACE
  MAPI_IUNKNOWN_METHODS (PURE)
  MAPI_IMAPIPROGRESS_METHODS (PURE)
};

/* IMAPIProp */
#define KEEP_OPEN_READONLY 0x00000001
#define KEEP_OPEN_READWRITE 0x00000002
#define FORCE_SAVE 0x00000004
#define SPAMFILTER_ONSAVE 0x00000080
#define NON_EMS_XP_SAVE 0x00001000

#define MAPI_MOVE 0x00000001
#define MAPI_NOREPLACE 0x00000002
#define MAPI_DECLINE_OK 0x00000004
#define MAPI_DIALOG 0x00000008

#define MAPI_IMAPIPROP_METHODS(IPURE)                                                               \
  MAPIMETHOD (GetLastError) (THIS_ HRESULT hResult, ULONG ulFlags, LPMAPIERROR *lppMAPIError)       \
    IPURE;                                                                                          \
  MAPIMETHOD (SaveChanges) (THIS_ ULONG ulFlags) IPURE;                                             \
  MAPIMETHOD (GetProps) (THIS_ LPSPropTagArray lpPropTagArray, ULONG ulFlags, ULONG *lpcValues,     \
                         LPSPropValue *lppPropArray) IPURE;                                         \
  MAPIMETHOD (GetPropList) (THIS_ ULONG ulFlags, LPSPropTagArray *lppPropTagArray) IPURE;           \
  MAPIMETHOD (OpenProperty) (THIS_ ULONG ulPropTag, LPCIID lpiid, ULONG ulInterfaceOptions,         \
                             ULONG ulFlags, LPUNKNOWN *lppUnk) IPURE;                               \
  MAPIMETHOD (SetProps) (THIS_ ULONG cValues, LPSPropValue lpPropArray,                             \
                         LPSPropProblemArray *lppProblems) IPURE;                                   \
  MAPIMETHOD (DeleteProps) (THIS_ LPSPropTagArray lpPropTagArray, LPSPropProblemArray *lppProblems) \
    IPURE;                                                                                          \
  MAPIMETHOD (CopyTo) (THIS_ ULONG ciidExclude, LPCIID rgiidExclude, LPSPropTagArray lpExcludeProps, \
                       ULONG_PTR ulUIParam, LPMAPIPROGRESS lpProgress, LPCIID lpInterface,          \
                       LPVOID lpDestObj, ULONG ulFlags, LPSPropProblemArray *lppProblems) IPURE;    \
  MAPIMETHOD (CopyProps) (THIS_ LPSPropTagArray lpIncludeProps, ULONG_PTR ulUIParam,                \
                          LPMAPIPROGRESS lpProgress, LPCIID lpInterface, LPVOID lpDestObj,          \
                          ULONG ulFlags, LPSPropProblemArray *lppProblems) IPURE;                   \
  MAPIMETHOD (GetNamesFromIDs) (THIS_ LPSPropTagArray *lppPropTags, LPGUID lpPropSetGuid,           \
                                ULONG ulFlags, ULONG *lpcPropNames, LPMAPINAMEID **lpppPropNames)   \
    IPURE;                                                                                          \
  MAPIMETHOD (GetIDsFromNames) (THIS_ ULONG cPropNames, LPMAPINAMEID *lppPropNames, ULONG ulFlags,  \
                                LPSPropTagArray *lppPropTags) IPURE;

#undef INTERFACE
#define INTERFACE IMAPIProp
DECLARE_MAPI_INTERFACE_ (IMAPIProp, IUnknown)
{
  BEGIN_INTERFACE
  MAPI_IUNKNOWN_METHODS (PURE)
  MAPI_IMAPIPROP_METHODS (PURE)
};

/* IMAPITable */
#define TBLSTAT_COMPLETE ((ULONG) 0)
#define TBLSTAT_QCHANGED ((ULONG) 7)
#define TBLSTAT_SORTING ((ULONG) 9)
#define TBLSTAT_SORT_ERROR ((ULONG) 10)
#define TBLSTAT_SETTING_COLS ((ULONG) 11)
#define TBLSTAT_SETCOL_ERROR ((ULONG) 13)
#define TBLSTAT_RESTRICTING ((ULONG) 14)
#define TBLSTAT_RESTRICT_ERROR ((ULONG) 15)

#define TBLTYPE_SNAPSHOT ((ULONG) 0)
#define TBLTYPE_KEYSET ((ULONG) 1)
#define TBLTYPE_DYNAMIC ((ULONG) 2)

#define TABLE_SORT_ASCEND ((ULONG) 0)
#define TABLE_SORT_DESCEND ((ULONG) 1)
#define TABLE_SORT_COMBINE ((ULONG) 2)
#define TABLE_SORT_CATEG_MAX ((ULONG) 4)
#define TABLE_SORT_CATEG_MIN ((ULONG) 8)

#define TBL_ALL_COLUMNS ((ULONG) 0x00000001)
#define TBL_LEAF_ROW ((ULONG) 1)
#define TBL_EMPTY_CATEGORY ((ULONG) 2)
#define TBL_EXPANDED_CATEGORY ((ULONG) 3)
#define TBL_COLLAPSED_CATEGORY ((ULONG) 4)
#define TBL_ASYNC ((ULONG) 0x00000001)
#define TBL_BATCH ((ULONG) 0x00000002)
#define TBL_NOADVANCE ((ULONG) 0x00000001)
#define TBL_NOWAIT ((ULONG) 0x00000001)

#define DIR_BACKWARD ((ULONG) 0x00000001)

#define BOOKMARK_BEGINNING ((BOOKMARK) 0)
#define BOOKMARK_CURRENT ((BOOKMARK) 1)
#define BOOKMARK_END ((BOOKMARK) 2)

#define MAPI_IMAPITABLE_METHODS(IPURE)                                                              \
  MAPIMETHOD (GetLastError) (THIS_ HRESULT hResult, ULONG ulFlags, LPMAPIERROR *lppMAPIError)       \
    IPURE;                                                                                          \
  MAPIMETHOD (Advise) (THIS_ ULONG ulEventMask, LPMAPIADVISESINK lpAdviseSink,                      \
                       ULONG_PTR *lpulConnection) IPURE;                                            \
  MAPIMETHOD (Unadvise) (THIS_ ULONG_PTR ulConnection) IPURE;                                       \
  MAPIMETHOD (GetStatus) (THIS_ ULONG *lpulTableStatus, ULONG *lpulTableType) IPURE;                \
  MAPIMETHOD (SetColumns) (THIS_ LPSPropTagArray lpPropTagArray, ULONG ulFlags) IPURE;              \
  MAPIMETHOD (QueryColumns) (THIS_ ULONG ulFlags, LPSPropTagArray *lpPropTagArray) IPURE;           \
  MAPIMETHOD (GetRowCount) (THIS_ ULONG ulFlags, ULONG *lpulCount) IPURE;                           \
  MAPIMETHOD (SeekRow) (THIS_ BOOKMARK bkOrigin, LONG lRowCount, LONG *lplRowsSought) IPURE;        \
  MAPIMETHOD (SeekRowApprox) (THIS_ ULONG ulNumerator, ULONG ulDenominator) IPURE;                  \
  MAPIMETHOD (QueryPosition) (THIS_ ULONG *lpulRow, ULONG *lpulNumerator, ULONG *lpulDenominator)   \
    IPURE;                                                                                          \
  MAPIMETHOD (FindRow) (THIS_ LPSRestriction lpRestriction, BOOKMARK bkOrigin, ULONG ulFlags) IPURE; \
  MAPIMETHOD (Restrict) (THIS_ LPSRestriction lpRestriction, ULONG ulFlags) IPURE;                  \
  MAPIMETHOD (CreateBookmark) (THIS_ BOOKMARK *lpbkPosition) IPURE;                                 \
  MAPIMETHOD (FreeBookmark) (THIS_ BOOKMARK bkPosition) IPURE;                                      \
  MAPIMETHOD (SortTable) (THIS_ LPSSortOrderSet lpSortCriteria, ULONG ulFlags) IPURE;               \
  MAPIMETHOD (QuerySortOrder) (THIS_ LPSSortOrderSet *lppSortCriteria) IPURE;                       \
  MAPIMETHOD (QueryRows) (THIS_ LONG lRowCount, ULONG ulFlags, LPSRowSet *lppRows) IPURE;           \
  MAPIMETHOD (Abort) (THIS) IPURE;                                                                  \
  MAPIMETHOD (ExpandRow) (THIS_ ULONG cbInstanceKey, LPBYTE pbInstanceKey, ULONG ulRowCount,        \
                          ULONG ulFlags, LPSRowSet *lppRows, ULONG *lpulMoreRows) IPURE;            \
  MAPIMETHOD (CollapseRow) (THIS_ ULONG cbInstanceKey, LPBYTE pbInstanceKey, ULONG ulFlags,         \
                            ULONG *lpulRowCount) IPURE;                                             \
  MAPIMETHOD (WaitForCompletion) (THIS_ ULONG ulFlags, ULONG ulTimeout, ULONG *lpulTableStatus)     \
    IPURE;                                                                                          \
  MAPIMETHOD (GetCollapseState) (THIS_ ULONG ulFlags, ULONG cbInstanceKey, LPBYTE lpbInstanceKey,   \
                                 ULONG *lpcbCollapseState, LPBYTE *lppbCollapseState) IPURE;        \
  MAPIMETHOD (SetCollapseState) (THIS_ ULONG ulFlags, ULONG cbCollapseState,                        \
                                 LPBYTE pbCollapseState, BOOKMARK *lpbkLocation) IPURE;

#undef INTERFACE
#define INTERFACE IMAPITable
DECLARE_MAPI_INTERFACE_ (IMAPITable, IUnknown)
{
  BEGIN_INTERFACE
  MAPI_IUNKNOWN_METHODS (PURE)
  MAPI_IMAPITABLE_METHODS (PURE)
};

/* IMessage */
#define MAPI_ORIG 0
#define MAPI_TO 1
#define MAPI_CC 2
#define MAPI_BCC 3
#define MAPI_P1 0x10000000
#define MAPI_SUBMITTED 0x80000000

#define MODRECIP_ADD ((ULONG) 0x00000002)
#define MODRECIP_MODIFY ((ULONG) 0x00000004)
#define MODRECIP_REMOVE ((ULONG) 0x00000008)
#define FORCE_SUBMIT ((ULONG) 0x00000001)
#define ATTACH_DIALOG ((ULONG) 0x00000001)

#define SUPPRESS_RECEIPT ((ULONG) 0x00000001)
#define CLEAR_READ_FLAG ((ULONG) 0x00000004)
#define GENERATE_RECEIPT_ONLY ((ULONG) 0x00000010)
#define CLEAR_RN_PENDING ((ULONG) 0x00000020)
#define CLEAR_NRN_PENDING ((ULONG) 0x00000040)

#define MSGFLAG_READ ((ULONG) 0x00000001)
#define MSGFLAG_UNMODIFIED ((ULONG) 0x00000002)
#define MSGFLAG_SUBMIT ((ULONG) 0x00000004)
#define MSGFLAG_UNSENT ((ULONG) 0x00000008)
#define MSGFLAG_HASATTACH ((ULONG) 0x00000010)
#define MSGFLAG_FROMME ((ULONG) 0x00000020)
#define MSGFLAG_ASSOCIATED ((ULONG) 0x00000040)
#define MSGFLAG_RESEND ((ULONG) 0x00000080)
#define MSGFLAG_RN_PENDING ((ULONG) 0x00000100)
#define MSGFLAG_NRN_PENDING ((ULONG) 0x00000200)
#define MSGFLAG_ORIGIN_X400 ((ULONG) 0x00001000)
#define MSGFLAG_ORIGIN_INTERNET ((ULONG) 0x00002000)
#define MSGFLAG_ORIGIN_MISC_EXT ((ULONG) 0x00008000)
#define MSGFLAG_OUTLOOK_NON_EMS_XP ((ULONG) 0x00010000)

#define STORE_ENTRYID_UNIQUE ((ULONG) 0x00000001)
#define STORE_READONLY ((ULONG) 0x00000002)
#define STORE_SEARCH_OK ((ULONG) 0x00000004)
#define STORE_MODIFY_OK ((ULONG) 0x00000008)
#define STORE_CREATE_OK ((ULONG) 0x00000010)
#define STORE_ATTACH_OK ((ULONG) 0x00000020)
#define STORE_OLE_OK ((ULONG) 0x00000040)
#define STORE_SUBMIT_OK ((ULONG) 0x00000080)
#define STORE_NOTIFY_OK ((ULONG) 0x00000100)
#define STORE_MV_PROPS_OK ((ULONG) 0x00000200)
#define STORE_CATEGORIZE_OK ((ULONG) 0x00000400)
#define STORE_RTF_OK ((ULONG) 0x00000800)
#define STORE_RESTRICTION_OK ((ULONG) 0x00001000)
#define STORE_SORT_OK ((ULONG) 0x00002000)
#define STORE_PUBLIC_FOLDERS ((ULONG) 0x00004000)
#define STORE_UNCOMPRESSED_RTF ((ULONG) 0x00008000)
#define STORE_HTML_OK ((ULONG) 0x00010000)
#define STORE_ANSI_OK ((ULONG) 0x00020000)
#define STORE_UNICODE_OK ((ULONG) 0x00040000)
#define STORE_LOCALSTORE ((ULONG) 0x00080000)
#define STORE_ITEMPROC ((ULONG) 0x00200000)
#define STORE_PUSHER_OK ((ULONG) 0x00800000)
#define STORE_RULES_OK ((ULONG) 0x10000000)

#define IMPORTANCE_LOW 0
#define IMPORTANCE_NORMAL 1
#define IMPORTANCE_HIGH 2
#define PRIO_URGENT 1
#define PRIO_NORMAL 0
#define PRIO_NONURGENT (-1)
#define SENSITIVITY_NONE ((ULONG) 0)
#define SENSITIVITY_PERSONAL ((ULONG) 1)
#define SENSITIVITY_PRIVATE ((ULONG) 2)
#define SENSITIVITY_COMPANY_CONFIDENTIAL ((ULONG) 3)

#define MAPI_IMESSAGE_METHODS(IPURE)                                                                \
  MAPIMETHOD (GetAttachmentTable) (THIS_ ULONG ulFlags, LPMAPITABLE *lppTable) IPURE;               \
  MAPIMETHOD (OpenAttach) (THIS_ ULONG ulAttachmentNum, LPCIID lpInterface, ULONG ulFlags,          \
                           LPATTACH *lppAttach) IPURE;                                              \
  MAPIMETHOD (CreateAttach) (THIS_ LPCIID lpInterface, ULONG ulFlags, ULONG *lpulAttachmentNum,     \
                             LPATTACH *lppAttach) IPURE;                                            \
  MAPIMETHOD (DeleteAttach) (THIS_ ULONG ulAttachmentNum, ULONG_PTR ulUIParam,                      \
                             LPMAPIPROGRESS lpProgress, ULONG ulFlags) IPURE;                       \
  MAPIMETHOD (GetRecipientTable) (THIS_ ULONG ulFlags, LPMAPITABLE *lppTable) IPURE;                \
  MAPIMETHOD (ModifyRecipients) (THIS_ ULONG ulFlags, LPADRLIST lpMods) IPURE;                      \
  MAPIMETHOD (SubmitMessage) (THIS_ ULONG ulFlags) IPURE;                                           \
  MAPIMETHOD (SetReadFlag) (THIS_ ULONG ulFlags) IPURE;

#undef INTERFACE
#define INTERFACE IMessage
DECLARE_MAPI_INTERFACE_ (IMessage, IMAPIProp)
{
  BEGIN_INTERFACE
  MAPI_IUNKNOWN_METHODS (PURE)
  MAPI_IMAPIPROP_METHODS (PURE)
  MAPI_IMESSAGE_METHODS (PURE)
};

/* IAttach adds no method of its own. */
#define NO_ATTACHMENT ((ULONG) 0)
#define ATTACH_BY_VALUE ((ULONG) 1)
#define ATTACH_BY_REFERENCE ((ULONG) 2)
#define ATTACH_BY_REF_RESOLVE ((ULONG) 3)
#define ATTACH_BY_REF_ONLY ((ULONG) 4)
#define ATTACH_EMBEDDED_MSG ((ULONG) 5)
#define ATTACH_OLE ((ULONG) 6)
#define ATTACH_BY_WEBREFERENCE ((ULONG) 7)

#define ATT_INVISIBLE_IN_HTML ((ULONG) 0x00000001)
#define ATT_INVISIBLE_IN_RTF ((ULONG) 0x00000002)
#define ATT_MHTML_REF ((ULONG) 0x00000004)

#define MAPI_IATTACH_METHODS(IPURE)

#undef INTERFACE
#define INTERFACE IAttach
DECLARE_MAPI_INTERFACE_ (IAttach, IMAPIProp)
{
  BEGIN_INTERFACE
  MAPI_IUNKNOWN_METHODS (PURE)
  MAPI_IMAPIPROP_METHODS (PURE)
  MAPI_IATTACH_METHODS (PURE)
};

#endif
