/* mapi-scode.c - codes of MAPI, of storages and of the library, into one another
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-private.h"

static const struct
{
  SCODE storage;
  SCODE mapi;
} storage_codes[] = {
  { E_NOTIMPL, MAPI_E_NO_SUPPORT },
  { STG_E_INVALIDFUNCTION, MAPI_E_NO_SUPPORT },
  { STG_E_FILENOTFOUND, MAPI_E_NOT_FOUND },
  { STG_E_PATHNOTFOUND, MAPI_E_NOT_FOUND },
  { STG_E_TOOMANYOPENFILES, MAPI_E_NOT_ENOUGH_RESOURCES },
  { STG_E_ACCESSDENIED, MAPI_E_NO_ACCESS },
  { STG_E_INVALIDHANDLE, MAPI_E_INVALID_OBJECT },
  { STG_E_INSUFFICIENTMEMORY, MAPI_E_NOT_ENOUGH_MEMORY },
  { STG_E_INVALIDPOINTER, MAPI_E_INVALID_PARAMETER },
  { STG_E_NOMOREFILES, MAPI_E_NOT_FOUND },
  { STG_E_DISKISWRITEPROTECTED, MAPI_E_NO_ACCESS },
  { STG_E_SEEKERROR, MAPI_E_DISK_ERROR },
  { STG_E_WRITEFAULT, MAPI_E_DISK_ERROR },
  { STG_E_READFAULT, MAPI_E_DISK_ERROR },
  { STG_E_SHAREVIOLATION, MAPI_E_NO_ACCESS },
  { STG_E_LOCKVIOLATION, MAPI_E_NO_ACCESS },
  { STG_E_FILEALREADYEXISTS, MAPI_E_COLLISION },
  { STG_E_INVALIDPARAMETER, MAPI_E_INVALID_PARAMETER },
  { STG_E_MEDIUMFULL, MAPI_E_NOT_ENOUGH_DISK },
  { STG_E_INVALIDHEADER, MAPI_E_CORRUPT_DATA },
  { STG_E_INVALIDNAME, MAPI_E_INVALID_PARAMETER },
  { STG_E_UNIMPLEMENTEDFUNCTION, MAPI_E_NO_SUPPORT },
  { STG_E_INVALIDFLAG, MAPI_E_UNKNOWN_FLAGS },
  { STG_E_INUSE, MAPI_E_BUSY },
  { STG_E_NOTCURRENT, MAPI_E_OBJECT_CHANGED },
  { STG_E_REVERTED, MAPI_E_OBJECT_DELETED },
  { STG_E_CANTSAVE, MAPI_E_DISK_ERROR },
  { STG_E_OLDFORMAT, MAPI_E_VERSION },
  { STG_E_OLDDLL, MAPI_E_VERSION },
  { STG_E_SHAREREQUIRED, MAPI_E_NO_ACCESS },
  { STG_E_NOTFILEBASEDSTORAGE, MAPI_E_NO_SUPPORT },
  { STG_E_EXTANTMARSHALLINGS, MAPI_E_BUSY },
  { STG_E_DOCFILECORRUPT, MAPI_E_CORRUPT_DATA },
  { STG_E_DOCFILETOOLARGE, MAPI_E_TOO_BIG },
  { STG_E_NOTSIMPLEFORMAT, MAPI_E_NO_SUPPORT },
  { STG_E_INCOMPLETE, MAPI_E_CORRUPT_DATA },
};

SCODE
MapStorageSCode (SCODE StgSCode)
{
  if (SUCCEEDED (StgSCode))
    return S_OK;
  if (HRESULT_FACILITY (StgSCode) == FACILITY_ITF)
    return StgSCode;
  if (StgSCode == E_OUTOFMEMORY || StgSCode == E_INVALIDARG || StgSCode == E_NOINTERFACE ||
      StgSCode == E_ACCESSDENIED)
    return StgSCode;
  for (gsize i = 0; i < G_N_ELEMENTS (storage_codes); i++)
    {
      if (storage_codes[i].storage == StgSCode)
        return storage_codes[i].mapi;
    }
  return MAPI_E_CALL_FAILED;
}

SCODE
mapi_error_to_scode (const GError *error)
{
  SCODE scode;

  if (error == NULL)
    return MAPI_E_CALL_FAILED;
  scode = (SCODE) imsg_error_get_scode (error);
  return FAILED (scode) ? scode : MAPI_E_CALL_FAILED;
}

SCODE
mapi_take_error (GError **error)
{
  SCODE scode = mapi_error_to_scode (*error);

  g_clear_error (error);
  return scode;
}

SCODE
mapi_code_to_scode (IMsgError code)
{
  GError error = { IMSG_ERROR, (int) code, NULL };

  return mapi_error_to_scode (&error);
}

static HRESULT
storage_code_from_error (const GError *error)
{
  if (error == NULL)
    return STG_E_UNKNOWN;
  if (error->domain == IMSG_ERROR)
    {
      switch (error->code)
        {
        case IMSG_ERROR_NOT_ENOUGH_MEMORY:
          return STG_E_INSUFFICIENTMEMORY;
        case IMSG_ERROR_INVALID_PARAMETER:
          return STG_E_INVALIDNAME;
        case IMSG_ERROR_NO_ACCESS:
          return STG_E_ACCESSDENIED;
        case IMSG_ERROR_INVALID_FLAGS:
          return STG_E_INVALIDFLAG;
        case IMSG_ERROR_CLOSED:
        case IMSG_ERROR_OBJECT_DELETED:
          return STG_E_REVERTED;
        case IMSG_ERROR_OBJECT_CHANGED:
          return STG_E_NOTCURRENT;
        case IMSG_ERROR_BUSY:
          return STG_E_ACCESSDENIED;
        case IMSG_ERROR_NOT_ENOUGH_DISK:
          return STG_E_MEDIUMFULL;
        case IMSG_ERROR_NOT_ENOUGH_RESOURCES:
          return STG_E_TOOMANYOPENFILES;
        case IMSG_ERROR_NOT_FOUND:
          return STG_E_FILENOTFOUND;
        case IMSG_ERROR_VERSION:
          return STG_E_OLDFORMAT;
        case IMSG_ERROR_DISK_ERROR:
          return STG_E_READFAULT;
        case IMSG_ERROR_CORRUPT_DATA:
          return STG_E_DOCFILECORRUPT;
        case IMSG_ERROR_TOO_BIG:
          return STG_E_DOCFILETOOLARGE;
        case IMSG_ERROR_COLLISION:
          return STG_E_FILEALREADYEXISTS;
        case IMSG_ERROR_FOLDER_CYCLE:
          return STG_E_ACCESSDENIED;
        case IMSG_ERROR_NO_SUPPORT:
          return STG_E_INVALIDFUNCTION;
        default:
          return STG_E_UNKNOWN;
        }
    }
  if (error->domain == G_IO_ERROR)
    {
      switch (error->code)
        {
        case G_IO_ERROR_NOT_FOUND:
          return STG_E_FILENOTFOUND;
        case G_IO_ERROR_NOT_DIRECTORY:
          return STG_E_PATHNOTFOUND;
        case G_IO_ERROR_EXISTS:
        case G_IO_ERROR_IS_DIRECTORY:
          return STG_E_FILEALREADYEXISTS;
        case G_IO_ERROR_PERMISSION_DENIED:
        case G_IO_ERROR_READ_ONLY:
          return STG_E_ACCESSDENIED;
        case G_IO_ERROR_NO_SPACE:
          return STG_E_MEDIUMFULL;
        case G_IO_ERROR_TOO_MANY_OPEN_FILES:
          return STG_E_TOOMANYOPENFILES;
        case G_IO_ERROR_CLOSED:
          return STG_E_REVERTED;
        case G_IO_ERROR_FILENAME_TOO_LONG:
        case G_IO_ERROR_INVALID_FILENAME:
          return STG_E_INVALIDNAME;
        case G_IO_ERROR_INVALID_ARGUMENT:
          return STG_E_INVALIDFUNCTION;
        default:
          return STG_E_READFAULT;
        }
    }
  return STG_E_UNKNOWN;
}

HRESULT
mapi_take_storage_error (GError **error)
{
  HRESULT code = storage_code_from_error (*error);

  g_clear_error (error);
  return code;
}
