// What a card may do: it is a page that somebody's task wrote, and a stranger to this site.
#pragma once
#include <string>
#include <string_view>

namespace backlot::server {

/// The one script that we add to a card: it tells the page around it how tall the card is.
extern const std::string_view card_script;
/// Where in a page it goes: behind the doctype, which must come first, and before all else, for the page may have a
/// policy of its own that lets no script run after it.
std::size_t place_of_card_script(std::string_view page);

/// The policy of a card. No network is reached: nothing is fetched, and what it navigates to is refused by the page
/// around it (frame-src). Browsers have no switch against WebRTC yet (the directive is there for those that will), so
/// scripts run that we ship, told by their hashes, and those of its author only when somebody has asked for them.
std::string card_policy(bool runs_authors_scripts);

}  // namespace backlot::server
