// SPDX-License-Identifier: MIT
// What libstdc++ has of std::list in its library, compiled here for the memory sanitizer to see.
#include <list>

namespace std::__detail {

void _List_node_base::_M_hook(_List_node_base *const next) noexcept {
    _M_next = next;
    _M_prev = next->_M_prev;
    _M_prev->_M_next = this;
    next->_M_prev = this;
}

void _List_node_base::_M_unhook() noexcept {
    _M_next->_M_prev = _M_prev;
    _M_prev->_M_next = _M_next;
}

void _List_node_base::_M_transfer(_List_node_base *const first, _List_node_base *const end) noexcept {
    if (this == end) return;
    _List_node_base *const last = end->_M_prev, *const before = _M_prev;
    first->_M_prev->_M_next = end;
    end->_M_prev = first->_M_prev;
    before->_M_next = first;
    first->_M_prev = before;
    last->_M_next = this;
    _M_prev = last;
}

}  // namespace std::__detail
