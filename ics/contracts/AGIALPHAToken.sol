// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {Context} from "@openzeppelin/contracts/utils/Context.sol";
import {Relayed} from "./Relayed.sol";

/// @title The token of the local chain: 18 decimals, burnable, minted by its faucet
/// @dev It trusts the forwarder, so that a relayed approval is the signer's own.
contract AGIALPHAToken is ERC20, ERC20Burnable, Ownable, Relayed {
    constructor(address faucet, address forwarder) ERC20("AGI ALPHA", "AGIALPHA") Ownable(faucet) Relayed(forwarder) {}

    /// @notice Makes new tokens. Errors: OwnableUnauthorizedAccount, ERC20InvalidReceiver.
    /// @param to Receiver.
    /// @param amount Base units (10^-18 AGIALPHA).
    function mint(address to, uint256 amount) external onlyOwner {
        _mint(to, amount);
    }

    function _msgSender() internal view override(Context, ERC2771Context) returns (address) {
        return ERC2771Context._msgSender();
    }

    function _msgData() internal view override(Context, ERC2771Context) returns (bytes calldata) {
        return ERC2771Context._msgData();
    }

    function _contextSuffixLength() internal view override(Context, ERC2771Context) returns (uint256) {
        return ERC2771Context._contextSuffixLength();
    }
}
