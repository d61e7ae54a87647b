// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";

/// @title The token of the local chain: 18 decimals, burnable, minted by its faucet
contract AGIALPHAToken is ERC20, ERC20Burnable, Ownable {
    constructor(address faucet) ERC20("AGI ALPHA", "AGIALPHA") Ownable(faucet) {}

    /// @notice Makes new tokens. Errors: OwnableUnauthorizedAccount, ERC20InvalidReceiver.
    /// @param to Receiver.
    /// @param amount Base units (10^-18 AGIALPHA).
    function mint(address to, uint256 amount) external onlyOwner {
        _mint(to, amount);
    }
}
