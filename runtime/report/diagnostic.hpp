// From the registry's records to the contract's record.
#pragma once

#include "host_link.hpp"
#include "npk_abi.h"
#include "report/site.hpp"
#include "wildx/verdict.hpp"

namespace npk::report {

/// A record with its size, code, word and severity.
npk_diagnostic blank_diagnostic(npk_code code, npk_severity severity, npk_operation operation);

/// The page's members: number, address, sizes, hash, and the three steps of its story.
void fill_page(npk_diagnostic& diagnostic, const wildx::PageView& page, const HostLink& host);

/// A step of a story, with its places described by the host.
npk_event describe_event(const wildx::Origin& origin, bool happened, const HostLink& host);

/// A refusal with everything but its texts.
npk_diagnostic refusal_diagnostic(const wildx::Verdict& verdict, const Site& site, const HostLink& host);

} // namespace npk::report
