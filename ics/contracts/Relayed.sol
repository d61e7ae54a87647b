// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";

/// @title What takes calls of a trusted forwarder as calls of who signed them
abstract contract Relayed is ERC2771Context {
    constructor(address forwarder) ERC2771Context(forwarder) {}

    /// @notice Whether calls of this forwarder carry the signer's address. The zero address never does:
    /// eth_call comes from zero when no sender is given.
    function isTrustedForwarder(address forwarder) public view override returns (bool) {
        return forwarder != address(0) && super.isTrustedForwarder(forwarder);
    }
}
